#include "plugins/rest/connector.hpp"

PLUGBOARD_EXPORT(plugboard::rest::RestConnector)
