#pragma once

#include <torch/csrc/distributed/c10d/Store.hpp>

#include "process_environment.h"

namespace lobule {

/// The key-value store in which processes find each other (c10d's TCPStore). Process 0 opens it, or torchrun has; the others wait for it up to five minutes.
/// Throws std::runtime_error naming address and cause.
c10::intrusive_ptr<c10d::Store> open_store(const ProcessEnvironment& processes);

/// One more connection to it, for another thread.
c10::intrusive_ptr<c10d::Store> connect_to_store(const ProcessEnvironment& processes);

}  // namespace lobule
