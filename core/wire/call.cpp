// The frame `call`: a question to the plugin, with all that it may look at.
#include "core/wire/abi_text.hpp"
#include "core/wire/messages.hpp"

namespace plugboard::wire {
namespace {

constexpr std::uint32_t kMostIdentifiers = 256;
constexpr std::uint32_t kMostInputs = 64;

void put_identifiers(FieldWriter& fields, const plugboard_identifier* identifiers, std::size_t count) {
  fields.u32(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    put(fields, identifiers[i].type);
    put(fields, identifiers[i].value);
    put(fields, identifiers[i].source);
    fields.flag(identifiers[i].verified != 0);
  }
}

void take_identifiers(FieldReader& fields, std::vector<plugboard_identifier>& identifiers) {
  identifiers.clear();
  for (std::uint32_t left = fields.count(kMostIdentifiers, 13); left > 0; --left) {
    plugboard_identifier& one = identifiers.emplace_back();
    one.type = take(fields);
    one.value = take(fields);
    one.source = take(fields);
    one.verified = fields.flag() ? 1 : 0;
    one.reserved = 0;
  }
}

void put_inputs(FieldWriter& fields, const plugboard_input* inputs, std::size_t count) {
  fields.u32(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    put(fields, inputs[i].name);
    put(fields, inputs[i].data);
    fields.i64(inputs[i].age_ns);
    fields.flag(inputs[i].stale != 0);
  }
}

void take_inputs(FieldReader& fields, std::vector<plugboard_input>& inputs) {
  inputs.clear();
  for (std::uint32_t left = fields.count(kMostInputs, 17); left > 0; --left) {
    plugboard_input& one = inputs.emplace_back();
    one.name = take(fields);
    one.data = take(fields);
    one.age_ns = fields.i64();
    one.stale = fields.flag() ? 1 : 0;
    one.reserved = 0;
  }
}

} // namespace

void write_call(std::string& out, std::uint64_t handle, const plugboard_request& request) {
  FrameWriter frame(out, Type::call);
  frame.u64(handle);
  frame.i32(request.operation);
  frame.i64(request.deadline_ns);
  for (const plugboard_str text :
       {request.tenant, request.section, request.purpose, request.actor, request.language, request.context_id,
        request.traceparent, request.params, request.credential, request.state})
    put(frame, text);
  put_identifiers(frame, request.identifiers, request.identifier_count);
  put_inputs(frame, request.inputs, request.input_count);
}

bool read(std::string_view body, Call& message) {
  FieldReader fields(body);
  message.handle = fields.u64();
  plugboard_request& request = message.request;
  request = {};
  request.p = PLUGBOARD_PREFIX(plugboard_request);
  request.operation = fields.i32();
  request.deadline_ns = fields.i64();
  for (plugboard_str* text :
       {&request.tenant, &request.section, &request.purpose, &request.actor, &request.language, &request.context_id,
        &request.traceparent, &request.params, &request.credential, &request.state})
    *text = take(fields);
  take_identifiers(fields, message.identifiers);
  request.identifiers = message.identifiers.data();
  request.identifier_count = message.identifiers.size();
  take_inputs(fields, message.inputs);
  request.inputs = message.inputs.data();
  request.input_count = message.inputs.size();
  return fields.finished();
}

} // namespace plugboard::wire
