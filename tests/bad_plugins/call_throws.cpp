#include <plugboard/plugin.hpp>

#include <stdexcept>

namespace {

class Bad : public plugboard::Lookup {
 public:
  Bad(plugboard::Host, std::string_view) {}

  plugboard::Result<plugboard::Section> lookup(const plugboard::Request& request) override {
    if (request.params().find("exception") != std::string_view::npos) throw std::runtime_error("out of luck");
    if (request.params().find("string") != std::string_view::npos) throw std::string("out of luck");
    throw 7;
  }
};

} // namespace

PLUGBOARD_EXPORT(Bad)
