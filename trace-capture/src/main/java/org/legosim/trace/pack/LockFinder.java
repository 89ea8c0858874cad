package org.legosim.trace.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.legosim.trace.format.Ltrace;

/**
 * Finds the locks of a trace, and what each thread's records do to them; takes the gates of the order in which locks are replayed
 * by meaning. A word is refused, and keeps its gates, when its accesses contradict each other ({@link LockWord}), when a
 * thread does anything else than to spin or to wait between asking and getting, when a thread ends with it, or when a thread that
 * holds it waits for something that another thread did meanwhile: such an order may depend on who had the lock.
 *
 * <p>Gates of a thread that holds locks stand where it asked for the outermost one. A thread therefore never waits at a gate with a
 * lock in its hands; and as a gate's source lies before the asking in the captured order, no gate can deadlock.
 *
 * <p>What is refused late has had effects before, so a pass with a refusal is repeated without the word, until none is refused.
 */
final class LockFinder implements LockWords, GateTaker {
  /** More words than this are not looked at: they keep their gates. */
  private static final int WORDS_MAX = 1 << 20;

  /** With more threads no word is looked at: what each had seen of each other would take too much memory. */
  private static final int THREADS_MAX = 2048;

  /** Records between two attempts to get a lock, and between giving it up and the wake that belongs to it. */
  private static final long SPIN_RECORDS_MAX = 256;

  private static final long NOTHING = -1;

  private final Map<SharedWords.Place, LockWord> words = new HashMap<>();
  private final int wordsMax;
  private final Rendezvous rendezvous;
  private final OneThread[] threads;
  private final long[] done;
  private final int[] pids;
  private final long[] endRecord;
  private GateTaker gates = GateTaker.NONE;
  private @Nullable MeaningSink meanings;
  private boolean isStable;
  private boolean hasFoundFutex = true;
  /** Gates mean something only when the words beside futexes are known, which have none. */
  private boolean judgesGates;

  private static final class OneThread {
    final List<LockWord> held = new ArrayList<>();
    /** It asks for this lock since {@link #askedRecord}. */
    @Nullable
    LockWord asked;

    SharedWords.@Nullable Place askedPlace;
    long askedRecord;
    long lastAsked;
    long lastRecord;
    /** Where it asked for the outermost of the locks that it holds, and what the others had done then. */
    long outermostRecord;

    final long[] doneBefore;
    /** It gave this lock up; a wake may belong to it. */
    @Nullable
    LockWord given;

    SharedWords.@Nullable Place givenPlace;
    long givenRecord = NOTHING;
    boolean isWaking;
    boolean isWaiting;
    /** It waits with a lock in its hands, and not for a condition, before which it would have given one up. */
    boolean isSettling;

    OneThread(int threadCount) {
      doneBefore = new long[threadCount];
    }

    boolean isInside() {
      return asked != null || !held.isEmpty();
    }

    void restart() {
      held.clear();
      asked = null;
      given = null;
      isWaking = false;
      isWaiting = false;
      isSettling = false;
      givenRecord = NOTHING;
    }
  }

  LockFinder(List<ThreadTotals> totals) {
    int threadCount = totals.size();
    boolean isTooMany = threadCount > THREADS_MAX;
    wordsMax = isTooMany ? 0 : WORDS_MAX;
    pids = totals.stream().mapToInt(ThreadTotals::pid).toArray();
    endRecord = new long[threadCount];
    rendezvous = new Rendezvous(threadCount);
    done = new long[threadCount];
    threads = new OneThread[threadCount];
    Arrays.setAll(threads, t -> new OneThread(isTooMany ? 0 : threadCount));
  }

  /** Begins a pass that only looks. */
  void restart() {
    judgesGates = !hasFoundFutex;
    hasFoundFutex = false;
    isStable = judgesGates;
    rendezvous.restart();
    Arrays.fill(done, 0);
    Arrays.fill(endRecord, NOTHING);
    for (OneThread thread : threads) {
      thread.restart();
    }
    words.values().forEach(LockWord::restart);
  }

  /** Begins the pass that writes; none with a refusal may come after {@link #isStable}. */
  void restart(GateTaker gateSink, MeaningSink meaningSink) {
    restart();
    gates = gateSink;
    meanings = meaningSink;
  }

  /** Nothing was refused in the pass, and no futex found. */
  boolean isStable() {
    return isStable && !hasFoundFutex;
  }

  /** Gives up on all words, so that the next pass is stable. */
  void refuseAll() {
    words.values().forEach(LockWord::refuse);
  }

  @Override
  public boolean isWanted() {
    return true;
  }

  private boolean isLock(SharedWords.Place place) {
    LockWord word = words.get(place);
    return word != null ? !word.isRefused() : words.size() < wordsMax;
  }

  @Override
  public boolean orders(SharedWords.Place place) {
    return !isLock(place) && !rendezvous.isBesideFutex(place);
  }

  @Override
  public boolean ordersWaits(int thread, SharedWords.Place place) {
    return !threads[thread].isSettling && (!words.containsKey(place) || !isLock(place));
  }

  @Override
  public void atomic(int thread, Stamp stamp, SharedWords.Place place) {
    OneThread own = threads[thread];
    leaveGiven(thread, own);
    if (rendezvous.isBesideFutex(place)) {
      rendezvous.atomic(thread, stamp.record, stamp.number, place, this::addGate);
    }
    LockWord word = words.get(place);
    if (word == null) {
      if (words.size() == wordsMax) {
        interrupt(thread, own);
        return;
      }
      word = new LockWord(words.size());
      words.put(place, word);
    }
    if (own.asked != null && own.asked != word) {
      interrupt(thread, own);
    }
    if (word.isSpin()) {
      spin(thread, own, word, place, stamp.record);
      return;
    }
    boolean wasRefused = word.isRefused();
    switch (word.step(thread, stamp.number)) {
      case GOT -> {
        ask(own, word, place, stamp.record);
        own.asked = null;
        own.held.add(word);
        tell(thread, own.askedRecord, stamp.record, true, word);
      }
      case ASKED -> ask(own, word, place, stamp.record);
      case GAVE_UP -> {
        own.held.remove(word);
        own.given = word;
        own.givenPlace = place;
        own.givenRecord = stamp.record;
        own.lastRecord = stamp.record;
      }
      default -> {
        isStable &= wasRefused;
        if (!wasRefused) {
          own.held.remove(word);
          own.asked = null;
        }
      }
    }
  }

  private void ask(OneThread own, LockWord word, SharedWords.Place place, long record) {
    if (own.asked == null) {
      if (own.held.isEmpty()) {
        own.outermostRecord = record;
        System.arraycopy(done, 0, own.doneBefore, 0, done.length);
      }
      own.askedRecord = record;
      own.asked = word;
      own.askedPlace = place;
    } else if (record - own.lastRecord > SPIN_RECORDS_MAX) {
      refuse(word);
    }
    own.lastAsked = record;
    own.lastRecord = record;
  }

  private void spin(
      int thread, OneThread own, LockWord word, SharedWords.Place place, long record) {
    word.use(thread);
    if (word.isRefused()) {
      return;
    }
    if (own.held.contains(word)) {
      // asked for again and not given up: it is no lock
      refuse(word);
      own.held.remove(word);
      return;
    }
    ask(own, word, place, record);
  }

  @Override
  public void store(int thread, long record, SharedWords.Place place) {
    LockWord word = words.get(place);
    if (word == null) {
      return;
    }
    if (!word.isSpin()) {
      word.noteStore();
      isStable = false;
      return;
    }
    OneThread own = threads[thread];
    leaveGiven(thread, own);
    if (own.asked == word) {
      interrupt(thread, own);
    }
    if (own.held.remove(word)) {
      tell(thread, record, record, false, word);
    }
  }

  @Override
  public void futexEntered(int thread, Stamp stamp, SharedWords.Place place) {
    OneThread own = threads[thread];
    int command = (int) stamp.arguments[1] & FutexTable.COMMAND_MASK;
    boolean isNear = stamp.record - own.lastRecord <= SPIN_RECORDS_MAX;
    if (own.given != null && isNear && command == FutexTable.WAKE && place.equals(own.givenPlace)) {
      own.isWaking = true;
      return;
    }
    leaveGiven(thread, own);
    if (FutexTable.waits(command)) {
      own.isWaiting = own.asked != null && isNear && place.equals(own.askedPlace);
      own.lastRecord = stamp.record;
      if (!own.isWaiting) {
        interrupt(thread, own);
        boolean isForCondition = own.givenRecord > own.outermostRecord
            && stamp.record - own.givenRecord <= SPIN_RECORDS_MAX;
        own.isSettling = own.isInside() && !isForCondition;
        LockWord word = words.get(place);
        if (word == null || word.isRefused()) {
          hasFoundFutex |= rendezvous.addFutex(place);
        }
        rendezvous.waits(thread, place);
      }
      return;
    }
    interrupt(thread, own);
    if (FutexTable.wakes(command)) {
      rendezvous.wakes(
          thread, stamp.record, place, Math.max(0, (int) stamp.arguments[2]), this::addGate);
    }
  }

  @Override
  public void other(int thread, Stamp stamp) {
    OneThread own = threads[thread];
    if (stamp.kind == Ltrace.SYSCALL_RETURN) {
      own.isSettling = false;
      if (own.isWaking && own.given != null) {
        tell(thread, own.givenRecord, stamp.record, false, own.given);
        own.given = null;
        own.isWaking = false;
        return;
      }
      if (own.isWaiting) {
        own.isWaiting = false;
        own.lastRecord = stamp.record;
        return;
      }
      rendezvous.returns(thread, stamp.record, this::addGate);
    }
    leaveGiven(thread, own);
    interrupt(thread, own);
    if (stamp.kind == Ltrace.EXIT || stamp.kind == Ltrace.EXEC) {
      refuseHeld(own);
    }
    if (stamp.kind == Ltrace.EXIT) {
      endRecord[thread] = stamp.record;
    } else if (stamp.kind == Ltrace.SYSCALL_ENTER && stamp.number == LinuxCalls.EXIT_GROUP) {
      joinAll(thread, stamp.record);
    }
  }

  /** Threads that had ended were joined, even if nobody had to wait: a process must not end before them. */
  private void joinAll(int thread, long record) {
    for (int other = 0; other < pids.length; other++) {
      if (pids[other] == pids[thread] && endRecord[other] != NOTHING) {
        addGate(thread, record, other, endRecord[other]);
      }
    }
  }

  /** What was given up had no wake. */
  private void leaveGiven(int thread, OneThread own) {
    LockWord given = own.given;
    if (given != null) {
      own.given = null;
      own.isWaking = false;
      tell(thread, own.givenRecord, own.givenRecord, false, given);
    }
  }

  private void tell(int thread, long record, long endRecord, boolean acquires, LockWord word) {
    if (meanings != null && !word.isRefused() && !word.isLocal()) {
      meanings.add(thread, record, endRecord, acquires, word.isSpin(), word.number());
    }
  }

  /** Something else happens while a thread asks for a lock: it has it if it spins, and else it only tried. */
  private void interrupt(int thread, OneThread own) {
    LockWord asked = own.asked;
    if (asked == null) {
      return;
    }
    own.asked = null;
    own.isWaiting = false;
    if (asked.isSpin() && !asked.isRefused()) {
      own.held.add(asked);
      tell(thread, own.askedRecord, own.lastAsked, true, asked);
      return;
    }
    refuse(asked);
  }

  private void refuse(LockWord word) {
    isStable &= word.isRefused();
    word.refuse();
  }

  private void refuseHeld(OneThread own) {
    own.held.forEach(this::refuse);
    own.held.clear();
  }

  private void addGate(int thread, long waitRecord, int onThread, long onRecord) {
    add(thread, waitRecord, onThread, onRecord, null);
  }

  @Override
  public void add(
      int thread, long waitRecord, int onThread, long onRecord, long @Nullable [] snapshot) {
    OneThread own = threads[thread];
    if (thread == onThread || !own.isInside()) {
      gates.add(thread, waitRecord, onThread, onRecord, snapshot);
      return;
    }
    if (judgesGates && onRecord >= own.doneBefore[onThread]) {
      interrupt(thread, own);
      refuseHeld(own);
    }
    gates.add(thread, own.outermostRecord, onThread, onRecord, snapshot);
  }

  @Override
  public void complete(int thread, long record) {
    done[thread] = Math.max(done[thread], record + 1);
    gates.complete(thread, record);
  }

  @Override
  public long @Nullable [] snapshot(int thread, long @Nullable [] reuse) {
    return gates.snapshot(thread, reuse);
  }

  @Override
  public long newestWait(int thread) {
    return gates.newestWait(thread);
  }

  @Override
  public void finish() {
    for (int t = 0; t < threads.length; t++) {
      leaveGiven(t, threads[t]);
      interrupt(t, threads[t]);
      refuseHeld(threads[t]);
    }
    for (LockWord word : words.values()) {
      boolean wasRefused = word.isRefused();
      word.finish();
      isStable &= wasRefused || word.isLocal() || !word.isRefused();
    }
    gates.finish();
    if (meanings != null) {
      meanings.finish();
    }
  }
}
