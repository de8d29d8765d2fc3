#!/usr/bin/env python3
"""Makes a shop's data: about 1,000 customers over separate systems. The same seed makes the same shop.

  crm.db     SQLite: who the customers are; the only place that knows their number at the help desk
  ledger.db  SQLite: invoices and what was paid, by customer number
  shop.db    SQLite: orders, behind the shop's HTTP API (systems.py)
  desk.db    SQLite: tickets, behind the help desk's HTTP API (systems.py), by the desk's own numbers
"""
import datetime
import pathlib
import random
import sqlite3
import sys

CUSTOMERS = 1000
NOW = datetime.datetime(2026, 1, 31, 12, 0)
GIVEN = "Astrid Björn Cecilia David Elin Fredrik Greta Henrik Ingrid Johan Karin Lars Maja Nils Olivia Per Rebecka Sven Tove Ulf".split()
FAMILY = "Andersson Berg Carlsson Dahl Ekström Forsberg Gustafsson Holm Isaksson Johansson Karlsson Lindqvist Månsson Nyström Olsson".split()
CITIES = [("Stockholm", "111 20"), ("Göteborg", "411 03"), ("Malmö", "211 19"), ("Uppsala", "753 10"), ("Umeå", "903 26")]
GOODS = [("TEA-01", "Sencha, 100 g", 8900), ("TEA-02", "Assam, 250 g", 12900), ("CUP-07", "Cup, blue", 14900),
         ("POT-03", "Teapot, 1 l", 49900), ("TIN-11", "Tin, small", 5900)]
SUBJECTS = ["Where is my parcel?", "The cup arrived broken", "Please change my address", "Wrong amount on the invoice",
            "Can I return the teapot?", "Thank you!"]


def moment(rng, days):
    """Some time in the last so many days, as the shop's systems write it: local time, without a zone."""
    at = NOW - datetime.timedelta(minutes=rng.randrange(days * 24 * 60))
    return at.strftime("%Y-%m-%d %H:%M:%S")


def fresh(folder, name, schema):
    path = folder / name
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.executescript(schema)
    return database


def main(folder):
    rng = random.Random(2026)
    crm = fresh(folder, "crm.db", """
        CREATE TABLE customer(customer_no TEXT PRIMARY KEY, given TEXT, family TEXT, email TEXT UNIQUE, phone TEXT, street TEXT,
          city TEXT, postal_code TEXT, since TEXT, vip INTEGER, desk_no TEXT);""")
    ledger = fresh(folder, "ledger.db", """
        CREATE TABLE invoice(invoice_no TEXT PRIMARY KEY, customer_no TEXT, order_no TEXT, made_at TEXT, due_at TEXT, paid_at TEXT,
          amount INTEGER, status TEXT);
        CREATE INDEX invoice_customer ON invoice(customer_no);""")
    shop = fresh(folder, "shop.db", """
        CREATE TABLE orders(order_no TEXT PRIMARY KEY, customer_no TEXT, placed INTEGER, state TEXT, sku TEXT, name TEXT,
          quantity INTEGER, price INTEGER);
        CREATE INDEX orders_customer ON orders(customer_no);""")
    desk = fresh(folder, "desk.db", """
        CREATE TABLE ticket(ticket_no TEXT PRIMARY KEY, requester TEXT, subject TEXT, status TEXT, opened TEXT);
        CREATE INDEX ticket_requester ON ticket(requester);""")
    for i in range(CUSTOMERS):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        number, desk_no = f"C{10000 + i}", f"R-{rng.randrange(16 ** 8):08x}"
        mail = "".join(c for c in f"{given}.{family}".lower().translate(str.maketrans("åäöé", "aaoe"))) + f"{i}@example.com"
        city, postal_code = rng.choice(CITIES)
        crm.execute("INSERT INTO customer VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                    (number, given, family, mail, f"+4670{rng.randrange(10 ** 7):07}", f"Storgatan {rng.randrange(1, 99)}", city,
                     postal_code, moment(rng, 3000), int(rng.random() < 0.05), desk_no))
        for order in range(rng.randrange(6)):
            order_no = f"O{10000 + i}-{order}"
            sku, name, price = rng.choice(GOODS)
            quantity = rng.randrange(1, 4)
            placed = int((NOW - datetime.timedelta(days=rng.randrange(400))).timestamp())
            state = rng.choice("NPSDX")
            shop.execute("INSERT INTO orders VALUES(?,?,?,?,?,?,?,?)", (order_no, number, placed, state, sku, name, quantity, price))
            status = rng.choice(["paid", "paid", "open", "overdue"])
            ledger.execute("INSERT INTO invoice VALUES(?,?,?,?,?,?,?,?)",
                           (f"I{10000 + i}-{order}", number, order_no, moment(rng, 400), moment(rng, 30),
                            moment(rng, 30) if status == "paid" else None, price * quantity, status))
        for ticket in range(rng.choice([0, 0, 1, 1, 2, 3])):
            desk.execute("INSERT INTO ticket VALUES(?,?,?,?,?)",
                         (f"T{10000 + i}-{ticket}", desk_no, rng.choice(SUBJECTS), rng.choice(["open", "pending", "solved"]),
                          moment(rng, 200)))
    for database in (crm, ledger, shop, desk):
        database.commit()
        database.close()
    print(f"{CUSTOMERS} customers in {folder}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
