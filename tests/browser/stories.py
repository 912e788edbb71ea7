"""The main job told in three languages: who comes in with which file, what goes wrong, what is said and learned."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One house's evening. Its staff read `language`; their guest reads `guest_language`, which is another one."""

    language: str
    guest_language: str
    house: str
    region: str
    encoding: str
    customers: str
    purchases: str
    notes: str
    name: str
    called: str
    phone: str
    """As the guest's telephone shows it; the file has it otherwise."""
    need: str
    complaint: str
    apology: str
    talk: str
    review: str
    report: str
    reply: str
    solution: str
    extra: str
    failure: str
    where: str
    cause: str
    lesson: str
    learned: str

    @property
    def secret(self) -> tuple[str, ...]:
        """What the guest must never read."""
        return (self.talk, self.review, self.cause, self.lesson, self.learned, self.need, self.extra)


ENGLISH = Story(
    language="en",
    guest_language="zh-hant",
    house="Hill House",
    region="GB",
    encoding="utf-8-sig",
    customers="id,name,salutation,language,phone,email\n"
    "G1,Chen Yu-ting,Ms Chen,繁體中文,+44 20 7946 0958,chen@guest.example\n"
    "G2,Daniel Okafor,Mr Okafor,English,+44 20 7946 0321,okafor@guest.example\n"
    "G3,Ito Haruka,,,+44 20 7946 0777,\n",
    purchases="order,customer,date,amount,item\nR1,G1,2026-03-05,£420.00,Two nights\nR2,G1,2026-06-11,£38.50,Dinner\n",
    notes="note id,customer id,kind,note,date\nN1,G1,allergy,No feathers,2026-03-05\nN2,G1,likes,Black coffee at seven,2026-06-11\n",
    name="Chen Yu-ting",
    called="Ms Chen",
    phone="020 7946 0958",
    need="No feathers",
    complaint="房間冷了兩個小時，打電話也沒有人接。",
    apology="陳小姐，真的很抱歉，讓您等了這麼久。我馬上過去。",
    talk="The valve in twelve again. Ask Joe before the ferry goes.",
    review="Cold since ten, called twice. Wants to stay in the room and sleep.",
    report="師傅已經在房間裡，十分鐘後再告訴您。",
    reply="謝謝，已經比較暖了。",
    solution="暖氣修好了，現在二十一度。真的對不起。",
    extra="A hot-water bottle with her initials on it.",
    failure="No heating",
    where="Room 12",
    cause="The valve sticks after every power cut",
    lesson="After a power cut, look at the valves of the upper floor first",
    learned="Sleeps best in a warm room",
)
TRADITIONAL = Story(
    language="zh-hant",
    guest_language="zh-hans",
    house="湖畔旅店",
    region="TW",
    encoding="big5",
    customers="編號,姓名,稱呼,語言,手機,信箱\n"
    "G1,林曉明,林先生,簡體中文,+886 912-345-678,lin@guest.example\n"
    "G2,王美玲,王小姐,繁體中文,0922-111-333,wang@guest.example\n"
    "G3,張建宏,,,0933-222-444,\n",
    purchases="訂單編號,顧客編號,日期,金額,品項\nR1,G1,2026/03/05,4200,兩晚住宿\nR2,G1,2026/06/11,850,晚餐\n",
    notes="編號,顧客編號,類別,備註,日期\nN1,G1,過敏,不能吃花生,2026/03/05\nN2,G1,喜好,早上七點要黑咖啡,2026/06/11\n",
    name="林曉明",
    called="林先生",
    phone="(0912) 345-678",
    need="不能吃花生",
    complaint="早餐里有花生，订房的时候我明明说过。",
    apology="林先生，非常抱歉，这不应该发生。我这就过来。",
    talk="廚房的小卡又沒看，先別讓新人送餐。",
    review="訂房時說過過敏，早餐還是附了花生醬。希望親自和主廚說。",
    report="主厨正在为您重新准备，十分钟后送到。",
    reply="好的，我在房间等。",
    solution="新的早餐已经送到，主厨会亲自向您道歉。",
    extra="親手寫的卡片和一只繡了名字的暖水袋。",
    failure="早餐附了花生醬",
    where="早餐吧",
    cause="過敏的小卡沒有跟著餐盤走",
    lesson="過敏的小卡跟著餐盤走，送到才拿下來",
    learned="早餐喜歡坐窗邊",
)
SIMPLIFIED = Story(
    language="zh-hans",
    guest_language="en",
    house="湖边客栈",
    region="CN",
    encoding="gb18030",
    customers="编号,姓名,称呼,语言,手机,邮箱\n"
    "G1,Grace Miller,Ms Miller,英语,+86 138 0013 8000,miller@guest.example\n"
    "G2,李小红,李小姐,简体中文,13900139000,li@guest.example\n"
    "G3,赵国强,,,13700137000,\n",
    purchases="订单编号,客户编号,日期,金额,商品\nR1,G1,2026-03-05,1280.00,两晚住宿\nR2,G1,2026-06-11,96.50,晚餐\n",
    notes="编号,客户编号,类别,备注,日期\nN1,G1,需要,房间在电梯旁边,2026-03-05\nN2,G1,喜好,早上喝红茶,2026-06-11\n",
    name="Grace Miller",
    called="Ms Miller",
    phone="138-0013-8000",
    need="房间在电梯旁边",
    complaint="I waited forty minutes for a broken lift. Nobody told me.",
    apology="I am so sorry, Ms Miller. You should have heard from us at once.",
    talk="维修公司下午就知道了，没人通知前台。",
    review="膝盖不好，走了五层楼梯。想换到一楼。",
    report="A room on the ground floor is being made ready; I will bring the key.",
    reply="Thank you, that would help my knee.",
    solution="Your new room is ready, and your bags are in it already.",
    extra="手写的卡片和一只绣了名字的热水袋。",
    failure="电梯停了没有通知",
    where="大堂",
    cause="维修单没有抄送前台",
    lesson="维修单一开，前台马上通知住在楼上的客人",
    learned="膝盖不好，不走楼梯",
)
STORIES = [ENGLISH, TRADITIONAL, SIMPLIFIED]
