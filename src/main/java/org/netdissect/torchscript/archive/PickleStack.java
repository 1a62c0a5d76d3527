package org.netdissect.torchscript.archive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stack and the memo of a pickle, bounded in size. */
final class PickleStack {
    /** Greatest number of values, about 50 bytes each on the heap; the largest tested network has 40,000. */
    private static final int MAX_VALUES = 4_000_000;

    private static final PickleValue MARK = new PickleValue.Global("(");

    private final PickleBytes bytes;
    private final List<PickleValue> stack = new ArrayList<>();
    private final Map<Integer, PickleValue> memo = new HashMap<>();
    private int values;

    /** Starts empty; {@code bytes} words the errors. */
    PickleStack(PickleBytes bytes) {
        this.bytes = bytes;
    }

    void push(PickleValue value) {
        count(1);
        stack.add(value);
    }

    void pushMark() {
        push(MARK);
    }

    /** Counts values that are copied. */
    void count(int more) {
        values += more;
        if (values > MAX_VALUES) {
            throw bytes.damaged("more than " + MAX_VALUES + " values");
        }
    }

    PickleValue top() {
        if (stack.isEmpty()) {
            throw bytes.damaged("nothing is on the stack");
        }
        return stack.get(stack.size() - 1);
    }

    PickleValue pop() {
        PickleValue value = top();
        stack.remove(stack.size() - 1);
        return value;
    }

    List<PickleValue> take(int count) {
        if (count > stack.size()) {
            throw bytes.damaged("nothing is on the stack");
        }
        List<PickleValue> end = stack.subList(stack.size() - count, stack.size());
        List<PickleValue> taken = List.copyOf(end);
        end.clear();
        return taken;
    }

    List<PickleValue> takeToMark() {
        int mark = stack.size() - 1;
        while (mark >= 0 && stack.get(mark) != MARK) {
            mark--;
        }
        if (mark < 0) {
            throw bytes.damaged("no mark is on the stack");
        }
        List<PickleValue> taken = take(stack.size() - 1 - mark);
        pop();
        return taken;
    }

    /** Keeps the top value in a slot. */
    void memoize(int slot) {
        count(1);
        memo.put(slot, top());
    }

    /** Keeps the top value in the next slot. */
    void memoize() {
        memoize(memo.size());
    }

    PickleValue remembered(int slot) {
        PickleValue value = memo.get(slot);
        if (value == null) {
            throw bytes.damaged("nothing was kept in slot " + slot);
        }
        return value;
    }
}
