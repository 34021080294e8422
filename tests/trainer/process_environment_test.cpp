#include "process_environment.h"

#include <catch2/catch.hpp>
#include <map>

namespace lobule {
namespace {

using Variables = std::map<std::string, std::string>;

ProcessEnvironment read(const Variables& variables) {
  return read_process_environment([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

Variables with(Variables variables, const Variables& more) {
  for (const auto& [name, value] : more) variables[name] = value;
  return variables;
}

const Variables kTorchrun = {{"RANK", "3"},          {"WORLD_SIZE", "4"}, {"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "2"}, {"MASTER_ADDR", "node1"},
                             {"MASTER_PORT", "1234"}};
const Variables kSlurm = {{"SLURM_PROCID", "5"},
                          {"SLURM_NTASKS", "8"},
                          {"SLURM_LOCALID", "1"},
                          {"SLURM_STEP_ID", "0"},
                          {"SLURM_JOB_ID", "70001"},
                          {"SLURM_JOB_NODELIST", "gpu[03-05,07]"},
                          {"SLURM_STEP_TASKS_PER_NODE", "2(x4)"}};

}  // namespace

TEST_CASE("Without a launcher's variables it is one process") {
  const ProcessEnvironment processes = read({});
  CHECK(processes.rank == 0);
  CHECK(processes.size == 1);
  CHECK(processes.launcher.empty());
}

TEST_CASE("torchrun's variables are understood, with its store and its restarts") {
  const ProcessEnvironment processes = read(with(kTorchrun, {{"TORCHELASTIC_USE_AGENT_STORE", "True"}, {"TORCHELASTIC_RESTART_COUNT", "2"}}));
  CHECK(processes.rank == 3);
  CHECK(processes.size == 4);
  CHECK(processes.local_rank == 1);
  CHECK(processes.local_size == 2);
  CHECK(processes.master_address == "node1");
  CHECK(processes.master_port == 1234);
  CHECK(processes.launcher_store);
  CHECK(processes.restarts == 2);
}

TEST_CASE("Without torchrun's own store, rank 0 keeps it") { CHECK_FALSE(read(kTorchrun).launcher_store); }

TEST_CASE("Processes of srun meet on the first node, at a port made from the job") {
  const ProcessEnvironment processes = read(kSlurm);
  CHECK(processes.launcher == "Slurm");
  CHECK(processes.rank == 5);
  CHECK(processes.size == 8);
  CHECK(processes.local_rank == 1);
  CHECK(processes.local_size == 2);
  CHECK(processes.master_address == "gpu03");
  CHECK(processes.master_port == 15000 + 70001 % 15000);
}

TEST_CASE("A shell of Slurm's is one process") {
  Variables shell = kSlurm;
  shell.erase("SLURM_STEP_ID");
  CHECK(read(shell).size == 1);
  CHECK(read(with(kSlurm, {{"SLURM_STEP_ID", "4294967290"}})).size == 1);  // interactive
}

TEST_CASE("torchrun inside a Slurm job counts, not srun that started it") {
  const ProcessEnvironment processes = read(with(kSlurm, kTorchrun));
  CHECK(processes.launcher == "torchrun");
  CHECK(processes.rank == 3);
}

TEST_CASE("Open MPI's processes of one machine need no address") {
  const ProcessEnvironment processes =
      read({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_LOCAL_RANK", "1"}, {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}});
  CHECK(processes.rank == 1);
  CHECK(processes.master_address == "127.0.0.1");
  CHECK(processes.master_port == 29500);
}

TEST_CASE("MPICH's processes of several machines need MASTER_ADDR") {
  const Variables mpich = {{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}, {"MPI_LOCALRANKID", "0"}, {"MPI_LOCALNRANKS", "1"}};
  CHECK_THROWS_WITH(read(mpich), Catch::StartsWith("MASTER_ADDR is missing"));
  CHECK(read(with(mpich, {{"MASTER_ADDR", "a"}})).master_address == "a");
}

TEST_CASE("Half-set and contradictory variables are refused by name") {
  CHECK_THROWS_WITH(read({{"RANK", "0"}}), "WORLD_SIZE is missing, though RANK is set");
  CHECK_THROWS_WITH(read({{"WORLD_SIZE", "2"}}), "RANK is missing, though WORLD_SIZE is set");
  CHECK_THROWS_WITH(read(with(kTorchrun, {{"RANK", "4"}})), "RANK=4 contradicts WORLD_SIZE=4");
  CHECK_THROWS_WITH(read(with(kTorchrun, {{"RANK", "-1"}})), Catch::StartsWith("RANK=-1: must be between"));
  CHECK_THROWS_WITH(read(with(kTorchrun, {{"RANK", "1x"}})), "RANK=1x: not a whole number");
  CHECK_THROWS_WITH(read(with(kTorchrun, {{"LOCAL_RANK", "2"}})), "LOCAL_RANK=2 contradicts LOCAL_WORLD_SIZE=2");
  CHECK_THROWS_WITH(read(with(kTorchrun, {{"MASTER_PORT", "70000"}})), Catch::StartsWith("MASTER_PORT=70000: must be between"));
  CHECK_THROWS_WITH(read(with(kTorchrun, {{"MASTER_PORT", ""}})), Catch::StartsWith("MASTER_PORT is missing"));
}

TEST_CASE("The first host of every form of Slurm's node lists is found") {
  CHECK(first_slurm_host("node1") == "node1");
  CHECK(first_slurm_host("node1,node2") == "node1");
  CHECK(first_slurm_host("node[03-05,07]") == "node03");
  CHECK(first_slurm_host("node[7,9]-ib,other") == "node7-ib");
  CHECK(first_slurm_host("r[1-2]n[004-008]") == "r1n004");
  CHECK_THROWS_AS(first_slurm_host("node[03-05"), std::runtime_error);
  CHECK_THROWS_AS(first_slurm_host("node[]"), std::runtime_error);
  CHECK_THROWS_AS(first_slurm_host(""), std::runtime_error);
}

}  // namespace lobule
