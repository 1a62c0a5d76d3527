package org.netdissect.exported;

import org.netdissect.base.Printable;

/** Makes names from foreign files fit for messages. */
final class Shown {
    private static final int MOST = 100;

    private Shown() {}

    static String of(String name) {
        return Printable.of(Printable.brief(name, MOST));
    }
}
