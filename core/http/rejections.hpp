// Counts what a server refused before its handler saw it, by reason. [any thread]
#pragma once

#include "core/base/metrics.hpp"

namespace plugboard::http {

class Rejections {
 public:
  explicit Rejections(Metrics& metrics);
  void count(int status); // of the answer

  Counter& connections() { return connections_; } // over the cap

  Counter& address() { return address_; } // over the cap of one address

  Counter& idle() { return idle_; } // closed to make room

  Counter& unread() { return unread_; } // did not read the answer

 private:
  Counter& malformed_;
  Counter& certificate_; // not welcome any more
  Counter& too_large_;
  Counter& timeout_;
  Counter& unsupported_;
  Counter& connections_;
  Counter& address_;
  Counter& idle_;
  Counter& unread_;
};

} // namespace plugboard::http
