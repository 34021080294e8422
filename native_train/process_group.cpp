#include "process_group.h"

#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/comm.hpp>

#include <csignal>
#include <stdexcept>

#include "device.h"
#include "process_backend.h"
#include "process_store.h"
#include "process_watch.h"

namespace lobule {

struct ProcessGroup::Connection {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::ProcessGroup> group;
  std::unique_ptr<ProcessWatch> watch;
};

namespace {

constexpr std::size_t kBroadcastBytes = std::size_t{25} << 20;  // of one message

c10::intrusive_ptr<c10d::ProcessGroup> connect(const c10::intrusive_ptr<c10d::Store>& store, const ProcessEnvironment& processes, torch::Device device) {
  auto group = c10::make_intrusive<c10d::ProcessGroup>(store, processes.rank, processes.size);
  group->setBackend(host_device().type(), c10d::ProcessGroup::BackendType::GLOO, make_host_backend(store, processes));
  if (!is_host(device)) group->setBackend(device.type(), c10d::ProcessGroup::BackendType::NCCL, make_cuda_backend(store, processes));
  group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
  return group;
}

}  // namespace

ProcessGroup::ProcessGroup() = default;

ProcessGroup::ProcessGroup(const ProcessEnvironment& processes, torch::Device device) : processes_(processes) {
  if (processes.size == 1) return;
  std::signal(SIGPIPE, SIG_IGN);  // Gloo writes to the sockets of dead processes: an error that it reports, and no reason to die
  connection_ = std::make_unique<Connection>();
  connection_->store = open_store(processes);
  connection_->watch = std::make_unique<ProcessWatch>(processes);
  try {
    connection_->group = connect(connection_->store, processes, device);
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
  if (size() == 1 || tensors.empty()) return;
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> values;
  for (const torch::Tensor& tensor : tensors) values.push_back(tensor.detach());
  try {
    c10d::broadcast_coalesced(connection_->group, values, kBroadcastBytes);
  } catch (const std::exception& error) {
    throw_lost(error.what());
  }
}

std::string ProcessGroup::broadcast(const std::string& text) {
  if (size() == 1) return text;
  const torch::Tensor length = torch::tensor({static_cast<std::int64_t>(text.size())});
  broadcast(std::vector{length});
  std::string result = text;
  result.resize(static_cast<std::size_t>(length.item<std::int64_t>()));
  if (!result.empty()) broadcast(std::vector{torch::from_blob(result.data(), {length.item<std::int64_t>()}, torch::kUInt8)});
  return result;
}

std::vector<torch::Tensor> ProcessGroup::gather_alike(const torch::Tensor& tensor) {
  std::vector<std::vector<torch::Tensor>> outputs(1);
  for (int rank = 0; rank < size(); ++rank) outputs[0].push_back(torch::empty_like(tensor));
  std::vector<torch::Tensor> inputs = {tensor};
  try {
    connection_->group->allgather(outputs, inputs)->wait();
  } catch (const std::exception& error) {
    throw_lost(error.what());
  }
  return outputs[0];
}

torch::Tensor ProcessGroup::gather_rows(const torch::Tensor& rows) {
  const torch::Tensor mine = to_host(rows.detach()).contiguous();
  if (size() == 1) return mine;
  const torch::Tensor counts = torch::cat(gather_alike(torch::tensor({mine.size(0)}, torch::kInt64)));
  const auto most = counts.max().item<std::int64_t>();
  if (most == 0) return mine;
  // Gloo gathers pieces of one size.
  std::vector<std::int64_t> padded_shape = mine.sizes().vec();
  padded_shape[0] = most;
  const torch::Tensor padded = torch::zeros(padded_shape, mine.options());
  padded.slice(0, 0, mine.size(0)).copy_(mine);
  std::vector<torch::Tensor> parts = gather_alike(padded);
  for (std::size_t rank = 0; rank < parts.size(); ++rank) parts[rank] = parts[rank].slice(0, 0, counts[static_cast<std::int64_t>(rank)].item<std::int64_t>());
  return torch::cat(parts);
}

torch::Tensor ProcessGroup::sum(const torch::Tensor& values) {
  const torch::Tensor mine = to_host(values.detach()).contiguous();
  if (size() == 1) return mine;
  const std::vector<torch::Tensor> all = gather_alike(mine);
  torch::Tensor sum = all[0].clone();
  for (std::size_t rank = 1; rank < all.size(); ++rank) sum += all[rank];
  return sum;
}

bool ProcessGroup::any(bool here) {
  if (size() == 1) return here;
  return sum(torch::tensor({here ? 1 : 0}, torch::kInt64)).item<std::int64_t>() != 0;
}

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
