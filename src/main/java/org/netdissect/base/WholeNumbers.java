package org.netdissect.base;

import java.math.BigDecimal;
import java.util.OptionalInt;

/** Reads whole numbers in the forms that programs write into tables. */
public final class WholeNumbers {
    /** Greatest length of a number, in characters. */
    private static final int LONGEST = 40;

    /** Number of digits that always fit into an int. */
    private static final int SURE_DIGITS = 9;

    private WholeNumbers() {}

    /**
     * The number in {@code 64}, {@code 64.0} or {@code 6.4e1}; empty for {@code 64.5} and text. Pandas writes 64.0
     * if any cell of a column of whole numbers is empty.
     */
    public static OptionalInt parse(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(isPlain(text) ? Integer.parseInt(text) : new BigDecimal(text).intValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static boolean isPlain(String text) {
        if (text.length() > SURE_DIGITS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
