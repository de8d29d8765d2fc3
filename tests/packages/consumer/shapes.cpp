// Built with what pkg-config says: prints the published shapes, and answers one call of a connector without a hub.
#include <plugboard/plugin.hpp>
#include <plugboard/shapes.hpp>
#include <plugboard/testkit.hpp>

#include <cstdio>

struct Fixed : plugboard::Lookup {
  Fixed(plugboard::Host, std::string_view) {}

  plugboard::Result<plugboard::Section> lookup(const plugboard::Request&) override {
    return plugboard::Section{.data = "{}"};
  }
};

int main() {
  for (const auto& shape : plugboard::shapes()) std::printf("%s\n", std::string(shape.name).c_str());
  plugboard::testkit::FakeHost host;
  plugboard::testkit::Running running(host, plugboard::testkit::connector<Fixed>());
  std::printf("%s\n", running.lookup({}).wait().data.c_str());
}
