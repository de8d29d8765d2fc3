// Unit tests of a connector without a hub: a host that remembers, and answers as the test scripts it.
//
//     testkit::FakeHost host;
//     host.secret("password", "hunter2");
//     host.http().answer({.body = R"({"id": "7"})"});
//     testkit::Running crm(host, testkit::connector<MyConnector>(), R"({"url": "https://crm.example"})");
//     auto answer = crm.lookup({.section = "contact", .identifiers = {{"email", "ada@example.com"}}}).wait();
//     EXPECT_EQ(answer.status, Status::ok);
//
// Everything goes through the plugin's C table, as in a hub. A wait that lasts too long throws.
#pragma once

#include <plugboard/testkit/fake_host.hpp>
#include <plugboard/testkit/running.hpp>
