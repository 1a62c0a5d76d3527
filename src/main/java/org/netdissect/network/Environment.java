package org.netdissect.network;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** Environment variables of this process as native libraries see them; Java itself can only read them. */
final class Environment {
    private Environment() {}

    /** The C library, by JNA. */
    interface CLibrary extends Library {
        /** Sets a variable; returns 0 on success. */
        int setenv(String name, String value, int overwrite);
    }

    /** Sets a variable, unless the user has, before the library that reads it is loaded. */
    static void setIfAbsent(String name, String value) {
        Native.load("c", CLibrary.class).setenv(name, value, 0);
    }
}
