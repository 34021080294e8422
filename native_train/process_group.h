#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "process_environment.h"

namespace c10d {
class ProcessGroup;
}

namespace lobule {

/// The processes that train together, on PyTorch's c10d: Gloo for what lies in host memory, NCCL for what lies on CUDA devices. Every member but rank, size and leads is a collective: all processes call it, in the same
/// order. Where a process is lost, it throws std::runtime_error saying which one; a process that does not come at all is noticed by ProcessWatch.
class ProcessGroup {
 public:
  /// One process, no network.
  ProcessGroup();
  /// Meets the others. device: where this process's network is. Throws std::runtime_error naming the cause.
  explicit ProcessGroup(const ProcessEnvironment& processes, torch::Device device);
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  int rank() const { return processes_.rank; }
  int size() const { return processes_.size; }
  /// The one that writes files and speaks.
  bool leads() const { return processes_.rank == 0; }

  /// Process 0's values into everybody's tensors, which have the same shapes and types everywhere and lie on one device. Many small ones travel as few large ones.
  void broadcast(const std::vector<torch::Tensor>& tensors);
  /// Process 0's text.
  std::string broadcast(const std::string& text);
  /// Rows of all processes in the order of ranks, byte for byte: [n_0 + n_1 + ..., ...]; rows: [n_r, ...], the same but for n_r. In host memory.
  torch::Tensor gather_rows(const torch::Tensor& rows);
  /// Sum over the processes, added in the order of ranks, so that every process has the same bits; in host memory. For few values: each process receives all of them.
  torch::Tensor sum(const torch::Tensor& values);
  /// True where it is on any process.
  bool any(bool here);
  /// Throws std::runtime_error naming the processes whose digest is not process 0's: "the data differs on process 1".
  void require_equal(const std::string& what, const std::string& digest);

  /// c10d's own; null for one process.
  c10::intrusive_ptr<c10d::ProcessGroup> c10d_group() const;
  /// Says which process has broken a collective. `cause`: what the collective said. Throws std::runtime_error.
  [[noreturn]] void throw_lost(const std::string& cause);

 private:
  struct Connection;
  /// Of one shape everywhere, in host memory: that of each process.
  std::vector<torch::Tensor> gather_alike(const torch::Tensor& tensor);

  ProcessEnvironment processes_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace lobule
