package org.netdissect.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/** Rising numbers separated by commas; {@code ...} before the last repeats the step before it. */
record AlphaList(List<BigDecimal> alphas) {
    private static final String AND_SO_ON = "...";
    private static final int MOST = 1000;

    static AlphaList parse(String text) {
        List<BigDecimal> alphas = new ArrayList<>();
        String[] parts = text.split(",", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.equals(AND_SO_ON)) {
                if (i < 2 || i != parts.length - 2) {
                    throw wrong(text);
                }
                fill(alphas, number(parts[i + 1].strip(), text), text);
            } else {
                add(alphas, number(part, text), text);
            }
        }
        return new AlphaList(alphas);
    }

    /** Adds the steps below {@code end}, which a step has to reach exactly. */
    private static void fill(List<BigDecimal> alphas, BigDecimal end, String text) {
        BigDecimal last = alphas.get(alphas.size() - 1);
        BigDecimal step = last.subtract(alphas.get(alphas.size() - 2));
        BigDecimal next = last.add(step);
        while (next.compareTo(end) < 0) {
            add(alphas, next, text);
            next = next.add(step);
        }
        if (next.compareTo(end) != 0) {
            throw wrong(text);
        }
    }

    private static void add(List<BigDecimal> alphas, BigDecimal next, String text) {
        boolean rising = alphas.isEmpty() || next.compareTo(alphas.get(alphas.size() - 1)) > 0;
        if (!rising || alphas.size() == MOST) {
            throw wrong(text);
        }
        alphas.add(next);
    }

    private static BigDecimal number(String part, String text) {
        try {
            return Converters.fraction(part);
        } catch (TypeConversionException e) {
            throw wrong(text);
        }
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "': expected rising numbers from 0 to 1, at most " + MOST
                + ", such as 0,0.2,0.4,0.6,0.8,1 or 0,0.2,...,1");
    }
}
