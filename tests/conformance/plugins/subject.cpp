// Exports and erases what it holds of a customer, well but for the one way that ILL names.
#include <plugboard/plugin.hpp>

#include <atomic>

using namespace plugboard;

constexpr std::string_view kIll = ILL;

class Holder : public Export, public Erase {
 public:
  Holder(Host, std::string_view) {}

  Result<SubjectData> export_subject(const Request&) override {
    return SubjectData{.data = kIll == "exports" ? "[]" : R"({"orders":[]})"};
  }

  Result<Erased> erase_subject(const Request&) override {
    if (erased_.exchange(true)) {
      if (kIll == "again") return Failure{Status::failed, "it is gone"};
      return Failure{Status::not_found};
    }
    return Erased{.records = 1};
  }

 private:
  std::atomic<bool> erased_ = false;
};

PLUGBOARD_EXPORT(Holder)
