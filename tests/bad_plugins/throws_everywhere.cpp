// Without the wrapper, which would let nothing through: what it throws comes to the hub through the C table itself.
#include <stdexcept>
#include <string>

extern "C" {
#include "behave.h"
}

namespace {

void call(void* instance, const plugboard_request* request, plugboard_call* handle) {
  if (answered_elsewise(static_cast<const plugboard_host*>(instance), request, handle) != 0) return;
  const std::string params(request->params.data, request->params.size);
  if (params.find("exception") != std::string::npos) throw std::runtime_error("out of luck");
  if (params.find("string") != std::string::npos) throw std::string("out of luck");
  throw 7;
}

void cancel(void*, plugboard_call*) {
  throw std::runtime_error("no way back");
}

void stop(void*) {
  throw 8;
}

void destroy(void*) {
  throw std::string("never");
}

} // namespace

extern "C" const plugboard_connector* plugboard_connector_entry_v1(void) {
  static const plugboard_connector table = {PLUGBOARD_PREFIX(plugboard_connector),
                                            PLUGBOARD_PLUGIN_NAME,
                                            PLUGBOARD_PLUGIN_VERSION,
                                            0,
                                            0,
                                            0,
                                            good_create,
                                            good_start,
                                            call,
                                            cancel,
                                            stop,
                                            destroy,
                                            nullptr};
  return &table;
}
