// The plugin's door.
#include "plugins/sql/connector.hpp"

#include <plugboard/plugin.hpp>

PLUGBOARD_EXPORT(plugboard::sql::Connector)
