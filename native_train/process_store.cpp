#include "process_store.h"

#include <c10/util/Exception.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <stdexcept>

namespace lobule {
namespace {

c10::intrusive_ptr<c10d::Store> make_store(const ProcessEnvironment& processes, bool opens) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(processes.master_port);
  options.isServer = opens;
  options.waitWorkers = false;
  try {
    const auto store = c10::make_intrusive<c10d::TCPStore>(processes.master_address, options);
    // torchrun may keep one store over several starts: keys of an earlier one must not be met again.
    return c10::make_intrusive<c10d::PrefixStore>("lobule/" + std::to_string(processes.restarts), store);
  } catch (const c10::Error& error) {
    throw std::runtime_error(processes.master_address + ":" + std::to_string(processes.master_port) +
                             ", where the processes meet: " + error.what_without_backtrace());
  }
}

}  // namespace

c10::intrusive_ptr<c10d::Store> open_store(const ProcessEnvironment& processes) {
  return make_store(processes, processes.rank == 0 && !processes.launcher_store);
}

c10::intrusive_ptr<c10d::Store> connect_to_store(const ProcessEnvironment& processes) { return make_store(processes, false); }

}  // namespace lobule
