CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT);
INSERT INTO customers VALUES (7, 'ada@example.com', 'Ada Byron');
