// What the fan-outs of one generation ask: its connectors, and where their answers may be kept. Made with the
// generation, shared by all that use it. [any thread]
#pragma once

#include "core/context/answers.hpp"

#include <memory>
#include <vector>

namespace plugboard::context {

struct Systems { // by CatalogSection::connector
  std::vector<std::shared_ptr<connector::Connector>> connectors;
  std::vector<AnswerSourcePtr> sources;
  Answers& answers; // the hub's
};

using SystemsPtr = std::shared_ptr<const Systems>;

} // namespace plugboard::context
