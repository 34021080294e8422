// The service worker: keeps the page's files, so that it opens and works without a network.

/**
 * @param {(state: string) => void} onState told in words for people
 * @param {(reload: () => void) => void} onUpdate told when another version lies ready
 */
export async function keepOffline(onState, onUpdate) {
  if (!("serviceWorker" in navigator)) {
    onState("This browser does not store pages: the network is needed to open it, not to use it.");
    return;
  }
  try {
    const registration = await navigator.serviceWorker.register(new URL("service_worker.js", import.meta.url));
    const offer = () => {
      const { waiting } = registration;
      if (!waiting || !navigator.serviceWorker.controller) return;
      onUpdate(() => {
        navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
        waiting.postMessage("take over");
      });
    };
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    offer();
    onState("Storing the page for use without a network.");
    await navigator.serviceWorker.ready;
    onState("Stored: try it with the network unplugged.");
  } catch (error) {
    onState("The page could not be stored: the network is needed to open it, not to use it.");
    console.warn("service worker:", error);
  }
}
