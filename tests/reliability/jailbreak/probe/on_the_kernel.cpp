#include "tests/reliability/jailbreak/probe/attempts.hpp"

#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace plugboard::jailbreak {
namespace {

int held(long descriptor) {
  if (descriptor < 0) return errno;
  ::close(static_cast<int>(descriptor));
  return 0;
}

int ring_of_calls(const Targets&) { // which no filter would see
  io_uring_params wishes{};
  return held(::syscall(SYS_io_uring_setup, 4, &wishes));
}

int load_into_kernel(const Targets&) {
  bpf_attr map{};
  map.map_type = BPF_MAP_TYPE_ARRAY;
  map.key_size = 4;
  map.value_size = 4;
  map.max_entries = 1;
  return held(::syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
}

int watch_performance(const Targets&) {
  perf_event_attr event{};
  event.size = sizeof event;
  event.type = PERF_TYPE_SOFTWARE;
  event.config = PERF_COUNT_SW_TASK_CLOCK;
  event.exclude_kernel = 1;
  event.exclude_hv = 1;
  return held(::syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}

int keep_in_keyring(const Targets&) {
  return outcome(::syscall(SYS_add_key, "user", "plugboard-probe", "x", 1, -2)); // the process's own
}

int ask_keyring(const Targets&) {
  return outcome(::syscall(SYS_keyctl, 0, -2, 1)); // the number of its own keyring
}

int handle_own_faults(const Targets&) {
  return held(::syscall(SYS_userfaultfd, 1 /* of user mode only, which needs no right */));
}

int file_of_no_folder(const Targets&) {
  return held(::syscall(SYS_memfd_create, "probe", 0));
}

int mapped(void* memory) {
  if (memory == MAP_FAILED) return errno;
  ::munmap(memory, 4096);
  return 0;
}

int write_code(const Targets&) {
  return mapped(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

int turn_data_into_code(const Targets&) {
  void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return errno;
  const int why = outcome(::mprotect(page, 4096, PROT_READ | PROT_EXEC));
  ::munmap(page, 4096);
  return why;
}

int share_uncounted_memory(const Targets&) {
  return mapped(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

int reserve_a_terabyte(const Targets&) {
  constexpr std::size_t kTerabyte = std::size_t{1} << 40;
  void* const memory = ::mmap(nullptr, kTerabyte, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return errno;
  ::munmap(memory, kTerabyte);
  return 0;
}

int share_by_key(const Targets&) {
  const int id = ::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  if (id < 0) return errno;
  ::shmctl(id, IPC_RMID, nullptr);
  return 0;
}

int find_others_memory(const Targets& t) {
  return outcome(::shmget(number(t, "shared_key"), 0, 0));
}

int open_queue(const Targets&) {
  const mqd_t queue = ::mq_open("/plugboard-probe", O_CREAT | O_RDWR, 0600, nullptr);
  if (queue < 0) return errno;
  ::mq_close(queue);
  ::mq_unlink("/plugboard-probe");
  return 0;
}

int mount_something(const Targets& t) {
  const std::string at = target(t, "scratch");
  const int why = outcome(::mount("none", at.c_str(), "tmpfs", 0, nullptr));
  if (why == 0) ::umount2(at.c_str(), MNT_DETACH);
  return why;
}

int change_own_root(const Targets&) {
  return outcome(::mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND, nullptr));
}

int rename_machine(const Targets&) {
  return outcome(::sethostname("", 0));
}

int read_kernel_log(const Targets&) {
  return outcome(::syscall(SYS_syslog, 2, nullptr, 0));
}

int be_another_kind_of_process(const Targets&) {
  return outcome(::personality(ADDR_NO_RANDOMIZE));
}

int load_module(const Targets&) {
  return outcome(::syscall(SYS_init_module, nullptr, 0, ""));
}

} // namespace

std::vector<Attempt> on_the_kernel() {
  return {{"ring_of_calls", ring_of_calls},
          {"load_into_kernel", load_into_kernel},
          {"watch_performance", watch_performance},
          {"keep_in_keyring", keep_in_keyring},
          {"ask_keyring", ask_keyring},
          {"handle_own_faults", handle_own_faults},
          {"file_of_no_folder", file_of_no_folder},
          {"write_code", write_code},
          {"turn_data_into_code", turn_data_into_code},
          {"share_uncounted_memory", share_uncounted_memory},
          {"reserve_a_terabyte", reserve_a_terabyte},
          {"share_by_key", share_by_key},
          {"find_others_memory", find_others_memory},
          {"open_queue", open_queue},
          {"mount_something", mount_something},
          {"change_own_root", change_own_root},
          {"rename_machine", rename_machine},
          {"read_kernel_log", read_kernel_log},
          {"be_another_kind_of_process", be_another_kind_of_process},
          {"load_module", load_module}};
}

} // namespace plugboard::jailbreak
