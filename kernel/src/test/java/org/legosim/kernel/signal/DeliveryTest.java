package org.legosim.kernel.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Diary row 13: order, masks, nesting and stacks of signals, worked out by hand from Linux's rules. */
class DeliveryTest {
  private static final int USR1 = 10;
  private static final int USR2 = 12;
  private static final int RT = 34;
  private static final long STATE_BYTES = 832;

  private final ThreadSignals thread = new ThreadSignals();
  private final GroupSignals group = new GroupSignals();
  private final Delivery delivery = new Delivery(thread, group);

  private void handle(int number, long flags, int... blocked) {
    long mask = 0;
    for (int other : blocked) {
      mask |= Signals.bit(other);
    }
    assertTrue(delivery.setAction(number, new SignalAction(0x401000, flags, 0x402000, mask)));
  }

  /** The handler begins; which frames are made for it, in order. */
  private String arrive(int number, Delivery.Arrival expected) {
    List<SignalFrame> frames = new ArrayList<>();
    assertEquals(expected, delivery.arrives(number, frames));
    return String.join(
        " ", frames.stream().map(frame -> Integer.toString(frame.number())).toList());
  }

  private static long set(int... numbers) {
    long set = 0;
    for (int number : numbers) {
      set |= Signals.bit(number);
    }
    return set;
  }

  @Test
  void whatAnInstructionRaisedGoesFirst_thenTheLowestNumber() {
    assertEquals(Signals.SEGV, Signals.first(set(1, 2, Signals.SEGV, RT)));
    assertEquals(Signals.BUS, Signals.first(set(Signals.SEGV, Signals.BUS)));
    assertEquals(1, Signals.first(set(1, 2, RT)));
  }

  /** Two signals at once: the lower one's frame is made first and lies above; the other one runs first. */
  @Test
  void twoAtOnce_nest() {
    handle(USR1, 0);
    handle(USR2, 0);
    delivery.send(USR2, false);
    delivery.send(USR1, true);
    assertEquals("10 12", arrive(USR2, Delivery.Arrival.AGREED));
    assertEquals(set(USR1, USR2), thread.blocked());
    assertNotNull(thread.giveBack());
    assertEquals(set(USR1), thread.blocked());
    assertEquals("", arrive(USR1, Delivery.Arrival.AGREED));
    SignalFrame last = thread.giveBack();
    assertEquals(USR1, last == null ? 0 : last.number());
    assertEquals(0, thread.blocked());
    assertNull(thread.giveBack(), "a return without a frame");
  }

  /** The lower one's handler blocks the other: the trace cannot have the other one run first. */
  @Test
  void aHandlerBlocksWhatItsMaskSays() {
    handle(USR1, 0, USR2);
    handle(USR2, 0);
    delivery.send(USR1, false);
    delivery.send(USR2, false);
    assertEquals("10 12", arrive(USR2, Delivery.Arrival.BEHIND_ANOTHER));
  }

  @Test
  void aHandlersOwnSignalIsBlocked_unlessNodefer() {
    handle(USR1, 0);
    delivery.send(USR1, false);
    assertEquals("10", arrive(USR1, Delivery.Arrival.AGREED));
    delivery.send(USR1, false);
    assertEquals(0, delivery.deliverable());
    assertEquals("10", arrive(USR1, Delivery.Arrival.BLOCKED));
    handle(USR2, SignalAction.SA_NODEFER);
    delivery.send(USR2, false);
    arrive(USR2, Delivery.Arrival.AGREED);
    delivery.send(USR2, false);
    assertEquals("12", arrive(USR2, Delivery.Arrival.AGREED));
    assertEquals(4, thread.frameCount());
  }

  @Test
  void resethand_handlesOnce() {
    handle(USR1, SignalAction.SA_RESETHAND);
    delivery.send(USR1, false);
    arrive(USR1, Delivery.Arrival.AGREED);
    thread.giveBack();
    assertEquals(Delivery.Sent.FATAL, delivery.send(USR1, false));
    assertTrue(delivery.returnToUser());
  }

  @Test
  void standardSignalsMerge_realTimeOnesQueue() {
    handle(USR1, 0);
    handle(RT, 0);
    for (int i = 0; i < 3; i++) {
      delivery.send(USR1, false);
      delivery.send(RT, false);
    }
    assertTrue(delivery.take(USR1));
    assertFalse(delivery.take(USR1));
    for (int i = 0; i < 3; i++) {
      assertTrue(delivery.take(RT));
    }
    assertFalse(delivery.take(RT));
    assertEquals("10", arrive(USR1, Delivery.Arrival.MERGED));
    thread.giveBack();
    arrive(USR1, Delivery.Arrival.MERGED);
    thread.giveBack();
    arrive(USR1, Delivery.Arrival.NOT_SENT);
  }

  @Test
  void masks_addTakeAndReplace_butNeverKill() {
    thread.changeMask(0, set(USR1, USR2, Signals.KILL, Signals.STOP));
    assertEquals(set(USR1, USR2), thread.blocked());
    thread.changeMask(1, set(USR1));
    assertEquals(set(USR2), thread.blocked());
    thread.changeMask(2, set(RT));
    assertEquals(set(RT), thread.blocked());
    thread.loseMask();
    assertFalse(thread.isMaskKnown());
    thread.changeMask(2, 0);
    assertTrue(thread.isMaskKnown());
  }

  /** A blocked signal waits; when it is let through without a handler, the process ends. */
  @Test
  void whatIsBlockedWaits() {
    thread.changeMask(0, set(USR1));
    assertEquals(Delivery.Sent.PENDING, delivery.send(USR1, false));
    assertFalse(delivery.returnToUser());
    thread.changeMask(1, set(USR1));
    assertTrue(delivery.returnToUser());
  }

  @Test
  void whatIsIgnoredIsDropped_alsoWhenItIsPending() {
    assertEquals(Delivery.Sent.DROPPED, delivery.send(Signals.CHLD, false));
    thread.changeMask(0, set(USR1));
    delivery.send(USR1, false);
    SignalAction ignore = new SignalAction(SignalAction.IGNORE_HANDLER, 0, 0, 0);
    assertTrue(delivery.setAction(USR1, ignore));
    assertEquals(0, delivery.pending());
    assertFalse(delivery.setAction(Signals.KILL, ignore));
    assertEquals("10", arrive(USR1, Delivery.Arrival.IGNORED));
  }

  /** sigsuspend: its mask holds until the handler has begun, the old one comes back when it returns. */
  @Test
  void sigsuspend_changesTheMaskForOneHandler() {
    handle(USR1, 0);
    thread.changeMask(2, set(USR1, USR2));
    delivery.send(USR1, true);
    assertEquals(0, delivery.deliverable());
    thread.suspend(set(USR2));
    assertEquals(set(USR1), delivery.deliverable());
    arrive(USR1, Delivery.Arrival.AGREED);
    assertEquals(set(USR1, USR2), thread.blocked());
    thread.giveBack();
    assertEquals(set(USR1, USR2), thread.blocked());
  }

  @Test
  void anInstructionsSignalNeedsNoSender_butAHandlerAndNoBlock() {
    handle(Signals.SEGV, 0);
    assertEquals("11", arrive(Signals.SEGV, Delivery.Arrival.AGREED));
    assertEquals("11", arrive(Signals.SEGV, Delivery.Arrival.FORCED));
    arrive(Signals.FPE, Delivery.Arrival.FATAL);
  }

  /** The first handler goes to the alternate stack, the one within it stays there, the next begins anew. */
  @Test
  void alternateStack() {
    handle(USR1, SignalAction.SA_ONSTACK);
    handle(USR2, 0);
    assertFalse(thread.setAlternate(0x10000, 1024, false), "too small");
    assertTrue(thread.setAlternate(0x10000, 8192, false));
    List<SignalFrame> frames = new ArrayList<>();
    delivery.send(USR1, false);
    delivery.arrives(USR1, frames);
    assertFalse(thread.setAlternate(0x20000, 8192, false), "in use");
    delivery.send(USR2, false);
    delivery.arrives(USR2, frames);
    assertTrue(frames.get(0).isOnAlternate() && frames.get(1).isOnAlternate());
    thread.giveBack();
    thread.giveBack();
    delivery.send(USR2, false);
    delivery.arrives(USR2, frames);
    assertFalse(frames.get(2).isOnAlternate());
    assertEquals(0x12000, thread.alternate().end());
  }

  /** Handlers left by longjmp never return their frames: the next frame above them tells. */
  @Test
  void longjmp_leavesNoFrames() {
    handle(USR1, SignalAction.SA_NODEFER);
    List<SignalFrame> frames = new ArrayList<>();
    for (long address : new long[] {0x7000, 0x6000, 0x7800}) {
      delivery.send(USR1, false);
      delivery.arrives(USR1, frames);
      thread.made(frames.get(frames.size() - 1), address, 1);
    }
    assertEquals(1, thread.frameCount());
  }

  /** Below 0x7ffe1000: registers from 0x7ffe0c80 on, the frame from 0x7ffe0ab8 to 0x7ffe0fc4. */
  @Test
  void theFramesRegistersLieAt64Bytes_andItsStartAsAtACall() {
    long frame = SignalFrame.below(0x7ffe1000L, STATE_BYTES);
    assertEquals(0x7ffe0ab8L, frame);
    assertEquals(0x7ffe0c80L, SignalFrame.stateAddress(frame));
    assertEquals(0x50c, SignalFrame.bytes(frame, STATE_BYTES));
    for (long pointer = 0x10000; pointer < 0x10080; pointer++) {
      long lowest = SignalFrame.below(pointer, STATE_BYTES);
      assertEquals(8, lowest % 16);
      assertEquals(0, SignalFrame.stateAddress(lowest) % 64);
      assertTrue(lowest + SignalFrame.bytes(lowest, STATE_BYTES) <= pointer);
    }
  }

  @Test
  void forkAndExec_keepWhatTheyKeep() {
    handle(USR1, 0);
    delivery.setAction(USR2, new SignalAction(SignalAction.IGNORE_HANDLER, 0, 0, 0));
    thread.changeMask(2, set(RT));
    thread.setAlternate(0x10000, 8192, false);
    delivery.send(RT, true);
    ThreadSignals child = new ThreadSignals();
    GroupSignals childGroup = new GroupSignals();
    child.inherit(thread, false);
    childGroup.fork(group);
    assertEquals(set(RT), child.blocked());
    assertEquals(0, child.pending().set());
    assertTrue(child.alternate().isEnabled());
    assertTrue(childGroup.actions().of(USR1).isHandled());
    thread.exec();
    group.exec();
    assertEquals(SignalAction.DEFAULT, group.actions().of(USR1));
    assertEquals(SignalAction.IGNORE_HANDLER, group.actions().of(USR2).handler());
    assertEquals(set(RT), delivery.pending());
    assertFalse(thread.alternate().isEnabled());
  }

  @Test
  void theTimerExpiresAtItsTicks() {
    handle(Signals.ALRM, 0);
    group.timer().set(100, 40);
    group.tick(99);
    assertEquals(0, delivery.pending());
    group.tick(100);
    assertEquals(140, group.timer().expiryPs());
    assertTrue(delivery.take(Signals.ALRM));
    group.tick(300);
    assertEquals(340, group.timer().expiryPs());
    assertTrue(delivery.take(Signals.ALRM));
    assertFalse(delivery.take(Signals.ALRM), "one at a time");
  }

  @Test
  void texts() {
    assertEquals(
        new SignalAction(0x401136, 0x14000004, 0x402000, 0x200),
        SignalText.action(new String[] {"0x401136 0x14000004 0x402000 0x200"}));
    assertFalse(SignalText.action(new String[0]).isKnown());
    assertFalse(SignalText.action(new String[] {"0x1 0x2 0x3"}).isKnown());
    assertEquals(-1L, SignalText.set(new String[] {"0xffffffffffffffff"}));
    assertNull(SignalText.set(new String[] {"0x1ffffffffffffffff"}));
    assertNull(SignalText.set(new String[] {"12"}));
    assertNull(SignalText.stack(new String[] {"0x1 0x2 0xg"}));
  }
}
