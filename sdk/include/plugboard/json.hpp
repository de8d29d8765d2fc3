// JSON for connectors, without another library: JsonValue reads what a system answered, strictly and within bounds;
// JsonObject and JsonArray write a section. Values. [any thread, one at a time]
//
//     auto answer = parse_json(response.body());
//     if (!answer) return call.fail(answer.failure());
//     JsonObject contact;
//     contact.set("customer_id", (*answer)["id"].text()).set("vip", (*answer)["flags"]["vip"].truth());
//     call.complete(Section{.data = contact.text()});
#pragma once

#include <plugboard/json_value.hpp>
#include <plugboard/json_writer.hpp>
