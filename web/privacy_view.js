// "On this machine", with what shows it: requests to other origins, the policy that forbids them, where the work is done.
import { byId, make, makeFacts } from "./dom.js";

export class PrivacyView {
  constructor() {
    this.root = byId("privacy", HTMLElement);
    this.foreign = 0;
    this.own = 0;
    this.blocked = 0;
    this.workerForeign = 0;
    this.engine = "";
    this.offline = "";
    new PerformanceObserver((list) => {
      for (const { name } of list.getEntries()) {
        const url = new URL(name, location.href);
        if (url.protocol === "blob:" || url.protocol === "data:") continue; // this page's own memory
        if (url.origin === location.origin) this.own += 1;
        else this.foreign += 1;
      }
      this.draw();
    }).observe({ type: "resource", buffered: true });
    document.addEventListener("securitypolicyviolation", () => {
      this.blocked += 1;
      this.draw();
    });
    this.draw();
  }

  /** @param {number} foreignRequests what the worker counted */
  setWorkerRequests(foreignRequests) {
    if (foreignRequests === this.workerForeign) return;
    this.workerForeign = foreignRequests;
    this.draw();
  }

  /** @param {string} engine */
  setEngine(engine) {
    this.engine = engine;
    this.draw();
  }

  /** @param {string} offline */
  setOffline(offline) {
    this.offline = offline;
    byId("offline", HTMLElement).textContent = offline;
    this.draw();
  }

  draw() {
    this.root.replaceChildren(
      make("h2", {}, "Nothing leaves this machine"),
      makeFacts([
        [
          "Requests to other servers",
          make("span", { id: "foreign-requests" }, String(this.foreign + this.workerForeign)),
        ],
        ["Requests to this server", `${this.own}, for the page's own files`],
        ["Attempts the browser blocked", String(this.blocked)],
        ["Images are read by", "this page and its worker, from your disk"],
        ["Engine", this.engine || "starting"],
        ["Threads", crossOriginIsolated ? "allowed: the page is cross-origin isolated" : "not allowed on this load"],
        ["Offline", this.offline],
      ]),
      make(
        "p",
        { className: "quiet" },
        "The page's Content-Security-Policy lets the browser talk to no server but the one it came from. ",
        "Unplug the network and go on working.",
      ),
    );
  }
}
