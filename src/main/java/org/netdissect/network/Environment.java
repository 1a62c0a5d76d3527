package org.netdissect.network;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** This process's environment as libraries see it, which Java can read only. */
final class Environment {
    private Environment() {}

    /** The C library, by JNA. */
    interface CLibrary extends Library {
        /** 0 where it did. */
        int setenv(String name, String value, int overwrite);
    }

    /** To be called before the library that reads the variable is loaded; what the user has set stays. */
    static void setIfAbsent(String name, String value) {
        Native.load("c", CLibrary.class).setenv(name, value, 0);
    }
}
