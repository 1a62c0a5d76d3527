package org.netdissect.base;

import java.nio.charset.StandardCharsets;

/** Makes file names from arbitrary names, such as layers' names. */
public final class FileNames {
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    private FileNames() {}

    /**
     * A name that is safe as one path element. Letters, digits, {@code . _ -} stay; other bytes, and a leading dot,
     * become {@code %XX}.
     */
    public static String of(String name) {
        StringBuilder safe = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = PLAIN.indexOf(c) >= 0 && (c != '.' || safe.length() > 0);
            if (plain) {
                safe.append(c);
            } else {
                safe.append(String.format("%%%02X", (int) c));
            }
        }
        return safe.toString();
    }
}
