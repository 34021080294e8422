#pragma once

#include <functional>
#include <optional>
#include <string>

namespace lobule {

/// Which of several processes this one is, and where they meet.
struct ProcessEnvironment {
  int rank = 0;
  int size = 1;
  int local_rank = 0;           // among those of this machine: picks the device
  int local_size = 1;           // how many of this machine, where the launcher says so
  std::string launcher;         // "torchrun", "Open MPI", "MPICH", "Slurm"; empty: none
  std::string master_address;   // host that rank 0 runs on; empty: one process
  int master_port = 0;          // of the key-value store there
  bool launcher_store = false;  // torchrun keeps the store itself; otherwise rank 0 opens it
  int restarts = 0;             // how often torchrun has started all processes anew
};

/// Value of an environment variable, nothing where it is not set.
using EnvironmentVariables = std::function<std::optional<std::string>(const std::string& name)>;

/// Reads what torchrun (RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT; the variables of PyTorch's env:// rendezvous), Open MPI, MPICH's PMI or
/// Slurm's srun set, in this order: mpirun and torchrun inside a Slurm allocation see Slurm's too. Without any, or in a shell of Slurm's outside of srun, it
/// is one process. MASTER_ADDR and MASTER_PORT count under each of them; Slurm also tells by its list of nodes and its job's number. Throws
/// std::runtime_error naming the variable that is missing, is no number, or contradicts another.
ProcessEnvironment read_process_environment(const EnvironmentVariables& variables);

/// The same of this process's own variables.
ProcessEnvironment read_process_environment();

/// First host of a Slurm node list: "node03" of "node[03-05,07],other1". Throws std::runtime_error for a list that is none.
std::string first_slurm_host(const std::string& node_list);

}  // namespace lobule
