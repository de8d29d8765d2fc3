#include "core/audit/trail.hpp"

namespace plugboard::audit {
namespace {

class NoTrail final : public Trail {
 public:
  void disclose(const Intent&, Poster, Done done) override { done(Receipt()); }

  void change(const Change&, Poster, Done done) override { done(Receipt()); }

  void outcome(const Receipt&, const Outcome&) override {}

  void refused(const Change&, std::string_view) override {}

  bool takes() const override { return true; }
};

} // namespace

std::unique_ptr<Trail> no_trail() {
  return std::make_unique<NoTrail>();
}

} // namespace plugboard::audit
