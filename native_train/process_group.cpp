#include "process_group.h"

#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#endif

#include <cstdlib>
#include <stdexcept>

#include "device.h"
#include "process_store.h"
#include "process_watch.h"

namespace lobule {

struct ProcessGroup::Connection {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroup> group;
  std::unique_ptr<ProcessWatch> watch;
};

namespace {

c10::intrusive_ptr<c10d::ProcessGroup> connect(const c10::intrusive_ptr<c10d::Store>& store, const ProcessEnvironment& processes) {
#ifdef USE_C10D_GLOO
  const auto options = c10d::ProcessGroupGloo::Options::create();  // half an hour for a collective, as PyTorch; ProcessWatch knows earlier of a lost process
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");       // as in PyTorch, for machines with several networks
  options->devices.push_back(interface != nullptr && *interface != '\0' ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                                                                        : c10d::ProcessGroupGloo::createDefaultDevice());
  const auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(store, processes.rank, processes.size, options);
  auto group = c10::make_intrusive<c10d::ProcessGroup>(store, processes.rank, processes.size);
  group->setBackend(host_device().type(), c10d::ProcessGroup::BackendType::GLOO, gloo);
  group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
  return group;
#else
  (void)store;
  (void)processes;
  throw std::runtime_error("this lobule was built without Gloo's headers and runs as one process: install libgloo-dev and build again");
#endif
}

}  // namespace

ProcessGroup::ProcessGroup() = default;

ProcessGroup::ProcessGroup(const ProcessEnvironment& processes) : processes_(processes) {
  if (processes.size == 1) return;
  connection_ = std::make_unique<Connection>();
  connection_->store = open_store(processes);
  connection_->watch = std::make_unique<ProcessWatch>(processes);
  try {
    connection_->group = connect(connection_->store, processes);
  } catch (const c10::Error& error) {
    throw_lost(error.what_without_backtrace());
  }
}

/// The watch goes first: it says that this process leaves, and process 0 waits in it for the others.
ProcessGroup::~ProcessGroup() {
  if (connection_) connection_->watch.reset();
}

c10::intrusive_ptr<c10d::ProcessGroup> ProcessGroup::c10d_group() const { return connection_ ? connection_->group : nullptr; }

void ProcessGroup::throw_lost(const std::string& cause) {
  throw std::runtime_error(connection_->watch->find_lost_process() + " (" + cause.substr(0, cause.find('\n')) + ")");
}

void ProcessGroup::broadcast(const std::vector<torch::Tensor>& tensors) {
  if (size() == 1) return;
  const torch::NoGradGuard no_grad;
  try {
    for (const torch::Tensor& tensor : tensors) {
      std::vector<torch::Tensor> whole = {to_host(tensor.detach()).contiguous()};  // of another layout or device: a copy, which goes back
      connection_->group->broadcast(whole)->wait();
      if (!whole.front().is_same(tensor)) tensor.detach().copy_(whole.front());
    }
  } catch (const std::exception& error) {
    throw_lost(error.what());
  }
}

torch::Tensor ProcessGroup::gather_rows(const torch::Tensor& rows) {
  const torch::Tensor mine = to_host(rows.detach()).contiguous();
  if (size() == 1) return mine;
  const auto gather = [this](const torch::Tensor& input) {
    std::vector<std::vector<torch::Tensor>> outputs(1);
    for (int rank = 0; rank < size(); ++rank) outputs[0].push_back(torch::empty_like(input));
    std::vector<torch::Tensor> inputs = {input};
    try {
      connection_->group->allgather(outputs, inputs)->wait();
    } catch (const std::exception& error) {
      throw_lost(error.what());
    }
    return outputs[0];
  };
  const torch::Tensor counts = torch::cat(gather(torch::tensor({mine.size(0)}, torch::kInt64)));
  const auto most = counts.max().item<std::int64_t>();
  if (most == 0) return mine;
  // Gloo gathers pieces of one size.
  std::vector<std::int64_t> padded_shape = mine.sizes().vec();
  padded_shape[0] = most;
  const torch::Tensor padded = torch::zeros(padded_shape, mine.options());
  padded.slice(0, 0, mine.size(0)).copy_(mine);
  std::vector<torch::Tensor> parts = gather(padded);
  for (std::size_t rank = 0; rank < parts.size(); ++rank) parts[rank] = parts[rank].slice(0, 0, counts[static_cast<std::int64_t>(rank)].item<std::int64_t>());
  return torch::cat(parts);
}

torch::Tensor ProcessGroup::sum(const torch::Tensor& values) {
  const torch::Tensor all = gather_rows(values.unsqueeze(0));
  torch::Tensor sum = all[0].clone();
  for (std::int64_t rank = 1; rank < all.size(0); ++rank) sum += all[rank];
  return sum.to(values.device());
}

bool ProcessGroup::any(bool here) {
  if (size() == 1) return here;
  return gather_rows(torch::tensor({here ? 1 : 0}, torch::kInt64)).any().item<bool>();
}

void ProcessGroup::barrier() { any(false); }

void ProcessGroup::require_equal(const std::string& what, const std::string& digest) {
  std::vector<std::uint8_t> bytes(digest.begin(), digest.end());
  bytes.push_back('\n');
  const torch::Tensor all = gather_rows(torch::tensor(bytes, torch::kUInt8));
  const auto* data = all.data_ptr<std::uint8_t>();
  const std::string text(data, data + all.numel());
  std::string first;
  std::string different;
  std::size_t begin = 0;
  for (int process = 0; process < size(); ++process) {
    const std::size_t end = text.find('\n', begin);
    const std::string one = text.substr(begin, end - begin);
    if (process == 0) first = one;
    if (one != first) different += (different.empty() ? "" : ", ") + std::to_string(process);
    begin = end + 1;
  }
  if (!different.empty()) throw std::runtime_error("the " + what + " of process " + different + " differ from those of process 0");
}

}  // namespace lobule
