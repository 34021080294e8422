#include "process_watch.h"

#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "process_store.h"

namespace lobule {
namespace {

constexpr std::chrono::seconds kRound(1);
constexpr int kSilentAfterFailure = 3;  // rounds: a collective has failed already, so silence means more

enum class Standing { working, left, failed };

struct Peer {
  std::string beats;  // as last read
  int silent_rounds = 0;
  Standing standing = Standing::working;
};

std::string beat_key(int rank) { return "beats/" + std::to_string(rank); }

std::string process_name(const ProcessEnvironment& processes, int rank) { return "process " + std::to_string(rank) + " of " + std::to_string(processes.size); }

}  // namespace

struct ProcessWatch::State {
  ProcessEnvironment processes;
  c10::intrusive_ptr<c10d::Store> store;  // a connection of the watch's own: the others' calls may block theirs
  int exceptions = 0;                     // unwinding when the watch began

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Peer> peers;
  std::int64_t rounds = 0;
  bool leaving = false;
  bool store_lost = false;
  bool victim = false;  // of another process: not the one to blame
  std::thread beating;
  std::thread guarding;

  std::string lost_peer(int silent_rounds) const;
  bool all_others_left() const;
  [[noreturn]] void end(const std::string& cause) const;
};

/// Those who failed say why themselves, so they are named before those who only fell silent. Empty: nobody is lost.
std::string ProcessWatch::State::lost_peer(int silent_rounds) const {
  const int size = static_cast<int>(peers.size());
  for (int rank = 0; rank < size; ++rank) {
    if (rank != processes.rank && peers[static_cast<std::size_t>(rank)].standing == Standing::failed)
      return process_name(processes, rank) + " has failed; its own message says why";
  }
  for (int rank = 0; rank < size; ++rank) {
    const Peer& peer = peers[static_cast<std::size_t>(rank)];
    if (rank != processes.rank && peer.standing == Standing::working && peer.silent_rounds >= silent_rounds) {
      return process_name(processes, rank) + " has died, was stopped, or cannot be reached";
    }
  }
  return "";
}

bool ProcessWatch::State::all_others_left() const {
  for (std::size_t rank = 0; rank < peers.size(); ++rank) {
    if (static_cast<int>(rank) != processes.rank && peers[rank].standing == Standing::working && peers[rank].silent_rounds < kSilentAfterFailure) return false;
  }
  return true;
}

/// No unwinding: the main thread may sit in a collective that nobody will end. Files are only ever replaced as a whole, so nothing half-written stays.
void ProcessWatch::State::end(const std::string& cause) const {
  // Past std::cerr, which processes that do not lead keep quiet.
  std::fputs(("\nlobule: " + process_name(processes, processes.rank) + " ends: " + cause + "\n").c_str(), stderr);
  std::_Exit(1);
}

ProcessWatch::ProcessWatch(const ProcessEnvironment& processes) : state_(std::make_unique<State>()) {
  state_->processes = processes;
  state_->exceptions = std::uncaught_exceptions();
  state_->store = connect_to_store(processes);
  state_->peers.resize(static_cast<std::size_t>(processes.size));
  state_->store->add(beat_key(processes.rank), 1);
  state_->beating = std::thread([this] { beat(); });
  state_->guarding = std::thread([this] { guard(); });
}

/// One round a second: our own number up, everybody's read. Values: a count; "left" and "failed" are appended by whoever goes.
void ProcessWatch::beat() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  while (!state.leaving) {
    lock.unlock();
    std::vector<std::string> beats;
    try {
      state.store->add(beat_key(state.processes.rank), 1);
      for (int rank = 0; rank < state.processes.size; ++rank) {
        std::string value;
        if (state.store->check({beat_key(rank)})) value = state.store->get_to_str(beat_key(rank));
        if (state.store->check({"gone/" + std::to_string(rank)})) value = state.store->get_to_str("gone/" + std::to_string(rank));
        beats.push_back(value);
      }
    } catch (const std::exception&) {
      lock.lock();
      state.store_lost = true;
      state.changed.notify_all();
      return;
    }
    lock.lock();
    for (std::size_t rank = 0; rank < beats.size(); ++rank) {
      Peer& peer = state.peers[rank];
      peer.silent_rounds = peer.beats == beats[rank] ? peer.silent_rounds + 1 : 0;
      peer.beats = beats[rank];
      if (beats[rank] == "left") peer.standing = Standing::left;
      if (beats[rank] == "failed") peer.standing = Standing::failed;
    }
    ++state.rounds;
    state.changed.notify_all();
    state.changed.wait_for(lock, kRound, [&state] { return state.leaving; });
  }
}

/// Judges the rounds, and notices when they stop: a store whose machine has vanished answers nothing at all, not even an error.
void ProcessWatch::guard() {
  State& state = *state_;
  const std::string where = state.processes.master_address + ":" + std::to_string(state.processes.master_port);
  std::unique_lock lock(state.mutex);
  std::int64_t seen = state.rounds;
  int idle = 0;
  while (!state.leaving) {
    state.changed.wait_for(lock, kRound, [&state] { return state.leaving; });
    if (state.leaving) return;
    idle = state.rounds == seen ? idle + 1 : 0;
    seen = state.rounds;
    if (state.store_lost) {
      // torchrun's own store goes when torchrun does; ours when process 0 does.
      state.end("the connection to " + where + " is lost: " + (state.processes.launcher_store ? "torchrun" : "process 0") + " has ended there");
    }
    if (idle >= kSilentRounds) state.end(where + ", where the processes meet, no longer answers");
    const std::string lost = state.lost_peer(kSilentRounds);
    if (!lost.empty()) state.end(lost);
  }
}

std::string ProcessWatch::find_lost_process() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  const std::int64_t until = state.rounds + kSilentAfterFailure + 2;
  state.victim = true;
  std::string lost;
  state.changed.wait_for(lock, (kSilentAfterFailure + 3) * kRound, [&] {
    lost = state.lost_peer(kSilentAfterFailure);
    return !lost.empty() || state.store_lost || state.rounds >= until;
  });
  if (!lost.empty()) return lost;
  if (state.store_lost) return "process 0 has ended";
  return "a process has ended or cannot be reached";
}

ProcessWatch::~ProcessWatch() {
  State& state = *state_;
  const bool failed = std::uncaught_exceptions() > state.exceptions && !state.victim;
  const auto say_gone = [&state, failed] {
    try {
      state.store->set("gone/" + std::to_string(state.processes.rank), failed ? "failed" : "left");
    } catch (const std::exception&) {  // the store went first: the others know by that
    }
  };
  const bool keeps_store = state.processes.rank == 0 && !state.processes.launcher_store;
  std::unique_lock lock(state.mutex);
  if (keeps_store) {
    lock.unlock();
    say_gone();
    lock.lock();
    state.changed.wait_for(lock, kSilentRounds * kRound, [&state] { return state.all_others_left() || state.store_lost; });
  }
  state.leaving = true;
  state.changed.notify_all();
  lock.unlock();
  state.beating.join();
  state.guarding.join();
  if (!keeps_store) say_gone();
}

}  // namespace lobule
