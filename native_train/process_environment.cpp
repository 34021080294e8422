#include "process_environment.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace lobule {
namespace {

constexpr int kDefaultPort = 29500;  // PyTorch's

/// Names of what each launcher tells. A rank alone makes a launcher; local_* may be missing.
struct Launcher {
  const char* name;
  const char* rank;
  const char* size;
  const char* local_rank;
  const char* local_size;
};

constexpr std::array<Launcher, 4> kLaunchers = {{
    {"torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE"},
    {"Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"},
    {"MPICH", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"},
    {"Slurm", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE"},
}};

class Reader {
 public:
  explicit Reader(const EnvironmentVariables& variables) : variables_(variables) {}

  /// An empty variable counts as one that is not set, as launchers' scripts leave them.
  std::optional<std::string> text(const std::string& name) const {
    std::optional<std::string> value = variables_(name);
    if (value && value->empty()) value.reset();
    return value;
  }

  std::optional<std::int64_t> number(const std::string& name) const {
    const std::optional<std::string> value = text(name);
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    if (error != std::errc() || end != value->data() + value->size()) throw std::runtime_error(name + "=" + *value + ": not a whole number");
    return number;
  }

  std::optional<int> number_between(const std::string& name, int lowest, int highest) const {
    const std::optional<std::int64_t> value = number(name);
    if (!value) return std::nullopt;
    if (*value < lowest || *value > highest) {
      throw std::runtime_error(name + "=" + std::to_string(*value) + ": must be between " + std::to_string(lowest) + " and " + std::to_string(highest));
    }
    return static_cast<int>(*value);
  }

  int needed(const std::string& name, int lowest, int highest, const std::string& because) const {
    const std::optional<int> value = number_between(name, lowest, highest);
    if (!value) throw std::runtime_error(name + " is missing, though " + because + " is set");
    return *value;
  }

 private:
  const EnvironmentVariables& variables_;
};

/// A batch script and an interactive shell have rank 0 of all tasks without being one of them: only srun starts those. Slurm numbers the steps of shells from
/// the top of 32 bits (SLURM_BATCH_SCRIPT, SLURM_INTERACTIVE_STEP in slurm.h).
bool inside_srun(const Reader& reader) {
  constexpr std::int64_t kFirstSpecialStep = 0xfffffff0;
  const std::optional<std::int64_t> step = reader.number("SLURM_STEP_ID");
  return step && *step < kFirstSpecialStep;
}

const Launcher* find_launcher(const Reader& reader) {
  for (const Launcher& launcher : kLaunchers) {
    const bool is_slurm = std::string(launcher.rank) == "SLURM_PROCID";
    if (is_slurm ? inside_srun(reader) : reader.text(launcher.rank) || reader.text(launcher.size)) return &launcher;
  }
  return nullptr;
}

std::string master_address(const Reader& reader, const ProcessEnvironment& processes) {
  if (const auto address = reader.text("MASTER_ADDR")) return *address;
  for (const char* list : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST"}) {
    if (const auto nodes = reader.text(list); nodes && processes.launcher != "torchrun") return first_slurm_host(*nodes);
  }
  if (processes.launcher != "torchrun" && processes.local_size == processes.size) return "127.0.0.1";
  throw std::runtime_error("MASTER_ADDR is missing: it names the host of process 0, which all " + std::to_string(processes.size) + " processes must reach");
}

int master_port(const Reader& reader, const ProcessEnvironment& processes) {
  if (const auto port = reader.number_between("MASTER_PORT", 1, 65535)) return *port;
  if (processes.launcher == "torchrun") throw std::runtime_error("MASTER_PORT is missing: it is where the processes meet on " + processes.master_address);
  const std::optional<std::int64_t> job = reader.number("SLURM_JOB_ID");
  if (!job) return kDefaultPort;
  // Below the ports that systems give out by themselves (Linux: from 32768); two jobs or steps on one machine meet at two ports.
  return static_cast<int>(15000 + (*job + reader.number("SLURM_STEP_ID").value_or(0)) % 15000);
}

void read_local(const Reader& reader, const Launcher& launcher, ProcessEnvironment& processes) {
  if (processes.launcher == "Slurm") {  // "2(x3),1": processes of each node; those of the first are enough to share out its cores
    const std::string tasks = reader.text(launcher.local_size).value_or("1");
    std::from_chars(tasks.data(), tasks.data() + tasks.size(), processes.local_size);
  } else {
    processes.local_size = reader.number_between(launcher.local_size, 1, processes.size).value_or(1);
  }
  // Processes started by hand on one machine: each has its own device.
  processes.local_rank = reader.number_between(launcher.local_rank, 0, processes.size - 1).value_or(processes.rank);
  if (processes.launcher != "Slurm" && reader.text(launcher.local_size) && processes.local_rank >= processes.local_size) {
    throw std::runtime_error(std::string(launcher.local_rank) + "=" + std::to_string(processes.local_rank) + " contradicts " + launcher.local_size + "=" +
                             std::to_string(processes.local_size));
  }
}

}  // namespace

ProcessEnvironment read_process_environment(const EnvironmentVariables& variables) {
  const Reader reader(variables);
  ProcessEnvironment processes;
  const Launcher* launcher = find_launcher(reader);
  if (launcher == nullptr) return processes;
  processes.launcher = launcher->name;
  processes.size = reader.needed(launcher->size, 1, std::numeric_limits<int>::max(), launcher->rank);
  processes.rank = reader.needed(launcher->rank, 0, std::numeric_limits<int>::max(), launcher->size);
  if (processes.rank >= processes.size) {
    throw std::runtime_error(std::string(launcher->rank) + "=" + std::to_string(processes.rank) + " contradicts " + launcher->size + "=" +
                             std::to_string(processes.size));
  }
  read_local(reader, *launcher, processes);
  if (processes.launcher == "torchrun") {
    processes.launcher_store = reader.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
    processes.restarts = reader.number_between("TORCHELASTIC_RESTART_COUNT", 0, std::numeric_limits<int>::max()).value_or(0);
  }
  if (processes.size > 1) {
    processes.master_address = master_address(reader, processes);
    processes.master_port = master_port(reader, processes);
  }
  return processes;
}

ProcessEnvironment read_process_environment() {
  return read_process_environment([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  });
}

std::string first_slurm_host(const std::string& node_list) {
  const std::size_t end = node_list.find_first_of(",[");
  std::string host = node_list.substr(0, end);
  std::size_t bracket = end;
  // Each pair of brackets holds numbers and ranges of them; a name may have several.
  while (bracket != std::string::npos && node_list[bracket] == '[') {
    const std::size_t number_end = node_list.find_first_of("-,]", bracket + 1);
    const std::size_t close = node_list.find(']', bracket + 1);
    if (close == std::string::npos || number_end == bracket + 1) throw std::runtime_error("not a list of Slurm nodes: '" + node_list + "'");
    host += node_list.substr(bracket + 1, number_end - bracket - 1);
    bracket = node_list.find_first_of(",[", close + 1);
    host += node_list.substr(close + 1, bracket == std::string::npos ? bracket : bracket - close - 1);
  }
  if (host.empty()) throw std::runtime_error("not a list of Slurm nodes: '" + node_list + "'");
  return host;
}

}  // namespace lobule
