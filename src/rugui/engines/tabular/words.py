"""The words people head columns with, and write in them, in English, 繁體 and 简体."""

from __future__ import annotations

FIELDS: dict[str, list[str]] = {
    "customers": [
        "external_id", "name", "family_name", "given_name", "address_as", "language", "phone", "email", "handle", "card",
    ],
    "purchases": [
        "external_id", "customer", "customer_email", "customer_phone", "at", "amount", "currency", "kind",
        "refund_of", "about", "place",
    ],
    "visits": [
        "external_id", "customer", "customer_email", "customer_phone", "expected_at", "expected_until", "arrived_at",
        "left_at", "state", "kind", "about", "place",
    ],
    "notes": ["external_id", "customer", "customer_email", "customer_phone", "text", "kind", "learned_at", "place"],
    "touches": [
        "external_id", "customer", "customer_email", "customer_phone", "at", "channel", "direction", "text", "place",
    ],
}  # fmt: skip
"""What each subject can take, in the order in which a page shows it."""

MANY = frozenset({"phone", "email", "handle", "card"})
"""Fields that several columns may fill."""

_ID = "id,編號,编号,代號,代码,序號,序号,no,number,号码,externalid,recid,recordid"
_EVENT_ID = f"{_ID},reference,ref,參考編號,参考编号,單號,单号"
_CUSTOMER = (
    "customer,customerid,customernumber,customerno,clientid,guestid,patientid,memberid,contactid,"
    "顧客,顧客編號,客戶,客戶編號,會員編號,客人編號,顾客,顾客编号,客户,客户编号,会员编号,客人编号,病歷號碼,病历号,userid,custid"
)
_EMAIL = "email,emailaddress,mail,customeremail,guestemail,contactemail,電子郵件,電子信箱,信箱,電郵,郵箱,邮箱,电子邮件,电子邮箱,邮件,电邮,郵件"
_PHONE = (
    "phone,phonenumber,telephone,tel,mobile,mobilephone,cell,cellphone,customerphone,contactphone,whatsapp,homephone,"
    "workphone,電話,電話號碼,手機,手機號碼,行動電話,聯絡電話,連絡電話,电话,电话号码,手机,手机号,手机号码,联系电话,移动电话"
)
_PLACE = "place,location,store,branch,site,shop,hotel,restaurant,分店,門市,地點,店名,門店,门店,地点,场所,場所,据点,據點"
_AT = (
    "at,date,datetime,time,timestamp,day,when,createdat,created,orderdate,purchasedate,invoicedate,paidat,transactiondate,"
    "日期,時間,时间,購買日期,购买日期,消費日期,消费日期,交易日期,訂單日期,订单日期,下單時間,下单时间,成交时间,成交時間,聯絡日期,联系日期"
)
_TEXT = "text,note,notes,remark,remarks,comment,comments,message,body,content,memo,備註,内容,內容,備注,备注,記事,记事,說明,说明,訊息,消息,留言,评论,評論"

_HEADERS: dict[str, dict[str, str]] = {
    "customers": {
        "external_id": f"{_ID},{_CUSTOMER}",
        "name": "name,fullname,displayname,customername,guestname,clientname,contactname,姓名,名字,名稱,名称,顧客姓名,客戶姓名,客戶名稱,客人姓名,顾客姓名,客户姓名,客户名称,会员姓名,會員姓名",
        "family_name": "familyname,lastname,surname,last,姓,姓氏",
        "given_name": "givenname,firstname,forename,first,名",
        "address_as": "addressas,salutation,calledas,greeting,稱呼,称呼,稱謂,称谓",
        "language": "language,lang,locale,preferredlanguage,語言,语言",
        "phone": _PHONE,
        "email": _EMAIL,
        "handle": "handle,username,wechat,wechatid,line,lineid,instagram,twitter,facebook,telegram,微信,微信号,微信號,帳號,账号",
        "card": "card,cardnumber,cardno,membercard,loyaltycard,membershipnumber,卡號,卡号,會員卡,会员卡,會員卡號,会员卡号",
    },
    "purchases": {
        "external_id": f"{_EVENT_ID},orderid,ordernumber,orderno,order,invoice,invoicenumber,invoiceno,receipt,receiptnumber,transactionid,訂單編號,訂單號,發票號碼,交易編號,订单编号,订单号,发票号码,交易编号,流水号,流水號",
        "customer": _CUSTOMER,
        "customer_email": _EMAIL,
        "customer_phone": _PHONE,
        "at": _AT,
        "amount": "amount,total,price,sum,value,revenue,paid,grandtotal,amountpaid,金額,金额,總額,总额,總計,总计,合計,合计,消費金額,消费金额,實付,实付,价格,價格,实付金额,實付金額",
        "currency": "currency,currencycode,幣別,币别,幣種,币种,货币,貨幣",
        "kind": "kind,type,transactiontype,類別,类别,類型,类型",
        "refund_of": "refundof,refundoforder,refundedorder,refundedid,originalorder,originalorderid,originalordernumber,originalid,originalinvoice,parentorder,parentorderid,parenttransactionid,原訂單,原訂單編號,原單號,原订单,原订单号,原订单编号,原单号,退款訂單,退款訂單編號,退款订单,退款订单号",
        "about": f"about,product,item,items,description,productname,商品,品項,品名,产品,產品,商品名称,商品名稱,項目,项目,{_TEXT}",
        "place": _PLACE,
    },
    "visits": {
        "external_id": f"{_EVENT_ID},bookingid,bookingnumber,reservationid,confirmation,confirmationnumber,appointmentid,訂房編號,訂位編號,預約編號,预约编号,预订号,预订编号,訂單編號,订单号,订单编号",
        "customer": _CUSTOMER,
        "customer_email": _EMAIL,
        "customer_phone": _PHONE,
        "expected_at": f"expectedat,expected,arrival,arrivaldate,checkin,checkindate,start,startdate,starttime,startsat,from,appointment,appointmenttime,預計到達,入住日期,入住,入住時間,预计到达,入住时间,預約時間,预约时间,預約日期,预约日期,到店时间,開始,开始,開始時間,开始时间,{_AT}",
        "expected_until": "expecteduntil,departure,departuredate,checkout,checkoutdate,end,enddate,endtime,endsat,until,to,退房日期,退房,退房時間,退房时间,離店日期,离店日期,結束,结束,結束時間,结束时间,預計離開,预计离开",
        "arrived_at": "arrivedat,arrived,actualarrival,checkedinat,實際到達,实际到达,到達時間,到达时间",
        "left_at": "leftat,left,actualdeparture,checkedoutat,實際離開,实际离开,離開時間,离开时间",
        "state": "state,status,狀態,状态",
        "kind": "kind,type,類別,类别,類型,类型",
        "about": f"about,room,roomnumber,table,service,房間,房间,房號,房号,房型,桌號,桌号,項目,项目,服務,服务,{_TEXT}",
        "place": _PLACE,
    },
    "notes": {
        "external_id": f"{_EVENT_ID},noteid",
        "customer": _CUSTOMER,
        "customer_email": _EMAIL,
        "customer_phone": _PHONE,
        "text": f"{_TEXT},preference,preferences,喜好,偏好,需求,需要",
        "kind": "kind,type,category,類別,类别,類型,类型,分類,分类",
        "learned_at": f"learnedat,notedat,{_AT}",
        "place": _PLACE,
    },
    "touches": {
        "external_id": f"{_EVENT_ID},touchid,ticketid,messageid,conversationid",
        "customer": _CUSTOMER,
        "customer_email": _EMAIL,
        "customer_phone": _PHONE,
        "at": _AT,
        "channel": "channel,via,medium,source,管道,渠道,通路,方式,聯絡方式,联系方式",
        "direction": "direction,inout,方向",
        "text": f"{_TEXT},subject,summary,主旨,摘要",
        "place": _PLACE,
    },
}
HEADERS: dict[str, dict[str, str]] = {
    subject: {word: field for field, words in reversed(fields.items()) for word in words.split(",")}
    for subject, fields in _HEADERS.items()
}
"""By subject, the field that a folded header word means. Where two fields claim a word the earlier one has it."""
HEADER_WORDS = frozenset(word for fields in HEADERS.values() for word in fields)

_CHOICES: dict[str, dict[str, str]] = {
    "touches.channel": {
        "in_person": "inperson,person,desk,walkin,facetoface,面對面,面对面,現場,现场,櫃台,柜台,親自,当面,當面,到店",
        "phone": "phone,call,telephone,tel,電話,电话,來電,来电",
        "email": "email,mail,電子郵件,电子邮件,電郵,电邮,郵件,邮件,信件",
        "chat": "chat,livechat,message,messenger,whatsapp,line,wechat,sms,聊天,微信,訊息,消息,簡訊,短信,線上客服,在线客服",
        "web": "web,website,online,form,webform,網站,网站,網頁,网页,表單,表单",
        "review": "review,reviews,rating,評論,评论,評價,评价,點評,点评",
    },
    "touches.direction": {
        "in": "in,inbound,incoming,received,from,進,进,來,来,收到,傳入,传入,呼入",
        "out": "out,outbound,outgoing,sent,to,出,去,發出,发出,寄出,傳出,传出,呼出",
    },
    "purchases.kind": {
        "purchase": "purchase,sale,order,payment,charge,invoice,購買,购买,消費,消费,銷售,销售,付款,訂單,订单",
        "refund": "refund,return,credit,chargeback,creditnote,退款,退貨,退货,退費,退费",
    },
    "visits.kind": {
        "booking": "booking,reservation,stay,room,table,訂房,订房,訂位,订位,預訂,预订,住宿",
        "order": "order,pickup,collect,delivery,訂單,订单,取貨,取货,自取",
        "appointment": "appointment,visit,consultation,預約,预约,看診,看诊,門診,门诊,約診",
    },
    "visits.state": {
        "expected": "expected,booked,confirmed,reserved,pending,open,scheduled,upcoming,new,已確認,已确认,已預訂,已预订,預約,预约,待入住,已預約,已预约,確認,确认",
        "arrived": "arrived,here,checkedin,inhouse,seated,started,已到,已到達,已到达,已入住,在店,入住中,已報到,已报到,到店",
        "left": "left,checkedout,departed,completed,done,finished,closed,已離開,已离开,已退房,已完成,完成,離店,离店,已离店",
        "missed": "missed,noshow,didnotcome,未到,未出現,未出现,爽約,爽约,缺席",
        "cancelled": "cancelled,canceled,已取消,取消",
    },
    "notes.kind": {
        "need": "need,needs,allergy,allergies,diet,dietary,accessibility,medical,需要,需求,過敏,过敏,飲食,饮食",
        "preference": "preference,preferences,likes,like,dislike,dislikes,喜好,偏好,喜歡,喜欢",
        "goal": "goal,goals,purpose,occasion,目的,目標,目标",
        "person": "person,people,family,partner,child,pet,人物,家人,家庭",
        "date": "date,birthday,anniversary,生日,紀念日,纪念日",
        "wish": "wish,wishes,wishlist,心願,心愿,願望,愿望",
        "mood": "mood,心情,情緒,情绪",
        "fact": "fact,note,general,other,remark,comment,其他,一般,備註,备注,記事,记事",
    },
    "customers.language": {
        "en": "en,eng,english,enus,engb,英文,英語,英语",
        "zh-hant": "zhhant,zhtw,zhhk,traditionalchinese,chinesetraditional,繁體中文,繁體,繁中,正體中文,繁体中文,繁体",
        "zh-hans": "zhhans,zhcn,zh,simplifiedchinese,chinesesimplified,chinese,简体中文,简体,简中,簡體中文,簡體,中文",
    },
}
CHOICES: dict[str, dict[str, str]] = {
    name: {word: value for value, words in values.items() for word in words.split(",")}
    for name, values in _CHOICES.items()
}
"""By "subject.field", the value that a folded cell means."""
ALLOWED = {name: list(values) for name, values in _CHOICES.items()}
