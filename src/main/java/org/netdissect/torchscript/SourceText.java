package org.netdissect.torchscript;

import org.netdissect.base.InputException;

/**
 * A source file before it is parsed.
 *
 * @param label archive and entry, as error messages name them
 */
record SourceText(String label, String text) {

    InputException error(int line, String problem) {
        return new InputException(label + ", line " + line + ": " + problem);
    }
}
