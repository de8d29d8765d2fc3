// A member that a shape demands: it has no value of its own, so a struct in which it is forgotten does not compile.
// Values.
#pragma once

#include <plugboard/json.hpp>

#include <initializer_list>
#include <iterator>

namespace plugboard {

template <class T>
class Required {
 public:
  Required() = delete;

  template <class U>
    requires std::constructible_from<T, U>
  Required(U&& value) : value_(std::forward<U>(value)) {}

  template <class E>
    requires std::constructible_from<T, std::initializer_list<E>>
  Required(std::initializer_list<E> values) : value_(values) {}

  const T& operator*() const { return value_; }

  T& operator*() { return value_; }

 private:
  T value_;
};

namespace detail {

template <class T, class F>
JsonArray array_of(const std::vector<T>& from, F to) {
  JsonArray out;
  for (const auto& each : from) out.add(to(each));
  return out;
}

} // namespace detail

} // namespace plugboard
