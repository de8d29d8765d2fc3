// The shapes, typed: what is forgotten does not compile, and what is written is of the shape.
#include <plugboard/shapes/contact.hpp>
#include <plugboard/shapes/orders.hpp>
#include <plugboard/shapes/payments.hpp>
#include <plugboard/shapes/tickets.hpp>

#include <gtest/gtest.h>

namespace plugboard {
namespace {

// Of templates, so that what does not compile is a "no".
template <class T>
concept MadeWithName = requires {
  T{.name = "Ada"};
};

template <class T>
concept MadeWithId = requires {
  T{.id = "7"};
};

template <class T>
concept MadeWithNumber = requires {
  T{.number = "7"};
};

template <class T>
concept MadeWithCurrency = requires {
  T{.currency = "SEK"};
};

template <class T>
concept MadeWithMore = requires {
  T{.more = true};
};

static_assert(!MadeWithName<contact_v1::Contact>, "a contact without customer_id");
static_assert(MadeWithName<contact_v1::Address>);
static_assert(MadeWithId<orders_v1::Order> && !MadeWithNumber<orders_v1::Order>);
static_assert(!MadeWithCurrency<orders_v1::Money>, "money without an amount");
static_assert(!MadeWithMore<orders_v1::Orders> && !MadeWithMore<tickets_v1::Tickets> &&
              !MadeWithMore<payments_v1::Payments>);
static_assert(MadeWithId<tickets_v1::Ticket> && MadeWithId<payments_v1::Payment>);

TEST(BuildersTest, AContactIsOfItsShape) {
  using namespace contact_v1;
  const Contact contact{.customer_id = "C1",
                        .name = "Ada",
                        .emails = {Email{.address = "ada@shop.example", .type = EmailType::private_, .primary = true}},
                        .address = Address{.lines = {"Storgatan 1"}, .country = "SE"},
                        .addresses = {ContactAddress{.type = ContactAddressType::billing, .address = Address{}}},
                        .tags = {"a", "b"},
                        .consents = Consents{.recording = false}};
  EXPECT_EQ(
      data_of(contact),
      R"({"customer_id":"C1","name":"Ada","emails":[{"address":"ada@shop.example","type":"private","primary":true}],)"
      R"("address":{"lines":["Storgatan 1"],"country":"SE"},"addresses":[{"type":"billing","address":{}}],)"
      R"("tags":["a","b"],"consents":{"recording":false}})");
}

TEST(BuildersTest, ARequiredListIsWrittenWhenItIsEmpty) {
  using namespace orders_v1;
  EXPECT_EQ(data_of(Orders{.orders = std::vector<Order>()}), R"({"orders":[]})");
  EXPECT_EQ(data_of(payments_v1::Payments{.payments = std::vector<payments_v1::Payment>()}), R"({"payments":[]})");
}

TEST(BuildersTest, OrdersAndTicketsAreOfTheirShape) {
  const orders_v1::Orders orders{
      .orders = {orders_v1::Order{.id = "7",
                                  .status = orders_v1::OrderStatus::partially_shipped,
                                  .total = orders_v1::Money{.amount_minor = 129'900, .currency = "SEK"},
                                  .lines = {orders_v1::Line{.name = "Lamp", .quantity = 1.5}}}},
      .more = true};
  EXPECT_EQ(data_of(orders), R"({"orders":[{"id":"7","status":"partially_shipped",)"
                             R"("total":{"amount_minor":129900,"currency":"SEK"},)"
                             R"("lines":[{"name":"Lamp","quantity":1.5}]}],"more":true})");
  tickets_v1::Ticket ticket{.id = "T1", .status = tickets_v1::TicketStatus::new_};
  ticket.message_count = 2;
  EXPECT_EQ(data_of(tickets_v1::Tickets{.tickets = {ticket}}),
            R"({"tickets":[{"id":"T1","status":"new","message_count":2}]})");
}

} // namespace
} // namespace plugboard
