"""What the machine does with the drawer, beside selling."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from sales import sessions
from sales.drawer import Count
from sales.models import TillSession
from smartduka.tests.model.asking import BothAsked
from smartduka.tests.model.comparison import expect
from smartduka.tests.model.days import shillings


class DrawerRules(BothAsked):
    """The rules of a drawer: each form is sent twice."""

    @rule(opening_float=st.sampled_from([0, 50_000, 100_050]))
    def open_a_drawer(self, opening_float):
        ref, voucher = self.new_ref(), self.voucher()
        done = self.ask_both(
            "open a drawer",
            lambda: self.model.drawers.open(opening_float),
            lambda: sessions.open_session(shillings(opening_float), voucher, client_ref=ref),
        )
        if done:
            again = sessions.open_session(shillings(opening_float), voucher, client_ref=ref)
            expect("the drawer that was opened again", again.pk, done[1].pk)

    @rule(amount=st.sampled_from([100, 5_050, 100_000]), is_in=st.booleans())
    def move_cash(self, amount, is_in):
        ref, voucher, last = self.new_ref(), self.voucher(), self.last_drawer()
        move = sessions.pay_in if is_in else sessions.pay_out
        done = self.ask_both(
            "move cash",
            lambda: self.model.drawers.move(amount if is_in else -amount),
            lambda: move(last, shillings(amount), voucher, client_ref=ref),
        )
        if done:
            expect("the cash moved again", move(last, shillings(amount), voucher, client_ref=ref).pk, done[1].pk)

    @rule(off=st.sampled_from([0, 0, -2_000, 10_050]))
    def count_the_drawer(self, off):
        counted = max(self.model.drawers.made[-1].cash + off, 0)
        ref, voucher, last = self.new_ref(), self.voucher(), self.last_drawer()
        count = Count({100: counted // 10_000}, other=shillings(counted % 10_000))
        done = self.ask_both(
            "close a drawer",
            lambda: self.model.drawers.close(counted),
            lambda: sessions.close_session(last, count, voucher, close_ref=ref),
        )
        if done:
            again = sessions.close_session(last, count, voucher, close_ref=ref)
            expect("the drawer that was closed again", again.pk, done[1].pk)

    def last_drawer(self) -> int:
        return TillSession.objects.latest("pk").pk
