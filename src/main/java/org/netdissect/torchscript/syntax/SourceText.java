package org.netdissect.torchscript.syntax;

import org.netdissect.base.InputException;

/**
 * A source file before parsing.
 *
 * @param label archive and entry, as error messages name them
 */
public record SourceText(String label, String text) {

    public InputException error(int line, String problem) {
        return new InputException(label + ", line " + line + ": " + problem);
    }
}
