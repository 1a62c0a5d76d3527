package org.netdissect.exported;

import org.netdissect.base.InputException;

/** Checks the version of the form in which a program is written. */
final class SchemaVersion {
    private static final long NEWEST = 8;

    private SchemaVersion() {}

    static void check(String file, JsonPart program) {
        JsonPart version = program.at("schema_version");
        long major = version.isWhole() ? version.whole() : version.at("major").whole();
        if (major < 1 || major > NEWEST) {
            throw new InputException(file + ": was written by torch.export in schema version " + major
                    + "; versions 1 to " + NEWEST + " can be read; export it with an older PyTorch");
        }
    }
}
