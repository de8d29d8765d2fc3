// A member that a shape demands: it has no value of its own, so a struct in which it is forgotten does not compile.
// Values.
#pragma once

#include <plugboard/json.hpp>

#include <concepts>
#include <initializer_list>

namespace plugboard {

namespace detail {

template <class U, class T>
concept makes = std::constructible_from<T, U>;

template <class E, class T>
concept makes_as_list = std::constructible_from<T, std::initializer_list<E>>;

} // namespace detail

template <class T>
class Required {
 public:
  Required() = delete;

  template <detail::makes<T> U>
  Required(U&& value) : value_(std::forward<U>(value)) {}

  template <detail::makes_as_list<T> E>
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

// An enumerator's name; "" for a number that is none.
template <std::size_t n>
constexpr std::string_view name_at(const std::string_view (&names)[n], std::size_t place) {
  return place < n ? names[place] : std::string_view();
}

} // namespace detail

} // namespace plugboard
