#include "tests/bench/from_memory/answers.hpp"

namespace plugboard::bench {
namespace {

class FromMemory : public AsyncLookup {
 public:
  FromMemory(const Host&, std::string_view config) : answers_(config) {}

  void lookup(const Request& request, Call call) override {
    call.complete(answers_.of(request.find("customer_id")->value));
  }

 private:
  Answers answers_;
};

} // namespace
} // namespace plugboard::bench

PLUGBOARD_EXPORT(plugboard::bench::FromMemory)
