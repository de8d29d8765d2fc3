// The errands of one connector on one home: begins them, tells the plugin of each once, and at once those that nobody
// waits for any more. Owned by a desk. [the home's thread]
#pragma once

#include "core/connector/errand.hpp"
#include "core/connector/mailbox.hpp"

#include <memory>
#include <unordered_map>

namespace plugboard::connector {

class HomeErrands {
 public:
  explicit HomeErrands(Mailbox& mailbox) : mailbox_(mailbox) {}

  std::uint64_t begin(std::unique_ptr<Errand> errand); // 0: told already, that it can't be
  void refuse(std::unique_ptr<Errand> errand);         // tells it that it was cancelled
  void over(ErrandOver over);                          // it ended; nothing, if the plugin was told before
  void cancel(std::uint64_t id);                       // the same as refuse(), if it is not over yet
  void close();                                        // the same for all

 private:
  Errand::Finish finish_of(std::uint64_t id);
  void tell(const std::function<void()>& how);

  Mailbox& mailbox_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Errand>> open_;
  std::uint64_t next_ = 1;
};

} // namespace plugboard::connector
