#include "core/worker/filter.hpp"

#include "core/worker/layers.hpp"

#include <seccomp.h>

#include <cerrno>
#include <vector>

namespace plugboard::worker {

Filter::Filter(int otherwise) : rules_(::seccomp_init(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(otherwise)))) {
  if (rules_ == nullptr) {
    why_not_ = "libseccomp: there is no memory";
    return;
  }
  ::seccomp_attr_set(rules_, SCMP_FLTATR_CTL_NNP, 0);      // a layer of its own
  ::seccomp_attr_set(rules_, SCMP_FLTATR_CTL_OPTIMIZE, 2); // a binary tree: a call costs the same wherever it stands
}

Filter::~Filter() {
  if (rules_ != nullptr) ::seccomp_release(rules_);
}

void Filter::allow(const char* name, std::initializer_list<Argument> arguments) {
  add(SCMP_ACT_ALLOW, name, arguments);
}

void Filter::refuse(const char* name, int error) {
  add(SCMP_ACT_ERRNO(static_cast<std::uint16_t>(error)), name, {});
}

void Filter::add(std::uint32_t action, const char* name, std::initializer_list<Argument> arguments) {
  if (!why_not_.empty()) return;
  const int number = ::seccomp_syscall_resolve_name(name);
  if (number == __NR_SCMP_ERROR) return; // this machine, or libseccomp, has none of that name: it stays refused
  std::vector<scmp_arg_cmp> conditions;
  for (const Argument& argument : arguments)
    conditions.push_back({argument.index, SCMP_CMP_MASKED_EQ, argument.mask, argument.value});
  const int added = ::seccomp_rule_add_array(rules_, action, number, static_cast<unsigned>(conditions.size()),
                                             conditions.empty() ? nullptr : conditions.data());
  if (added == 0) return;
  errno = -added;
  why_not_ = failed(std::string("seccomp rule for ") + name);
}

std::string Filter::load() {
  if (!why_not_.empty()) return why_not_;
  const int loaded = ::seccomp_load(rules_);
  errno = -loaded;
  return loaded == 0 ? "" : failed("seccomp");
}

} // namespace plugboard::worker
