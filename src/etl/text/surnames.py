"""List surnames, which tell a person's name from any other short word: the only table of them.

A missing surname is one more character (or pair) in `COMMON`, its traditional form in `TRADITIONAL`. Bylines
and running text do not accept the same ones, since nobody has measured them together: `SURNAMES` is asked in
short lines of either script, `FOR_TEXT` by extraction, which folds its text to simplified characters first.
"""

# Accepted everywhere, in simplified characters.
COMMON = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪"
    "汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童"
    "颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀甄曲封储靳汲松井段富巫乌焦"
    "巴牧山谷车侯全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司黎薄印白怀蒲邰从鄂索咸赖卓蔺屠蒙池乔阴胥苍闻党翟谭劳逄冉郦雍璩桑桂牛寿通边扈燕冀"
    "郏尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东欧利师巩厍聂晁勾敖融冷辛阚那简饶空曾毋沙乜养须丰关相查后荆"
    "红游竺权逯盖益桓公肖闫付芦代佘佟佴涂"
)
# Only in running text, beside the tagger's opinion: in a line these are rather words.
TEXT_ONLY = "元羊家芮弓隗宓蓬郗暴韶郜蓟宿籍能双莘贡姬申扶堵宰郤濮浦宦暨殳沃蔚越夔隆訾鞠巢蒯兰覃铁帕"
# Only in bylines, where a role stands beside the name: in running text these are rather words.
BYLINE_ONLY = "酆丘邸晋修苟原仝撒楚岳帅亢况琚海归墨年阳商牟佗隋么初税卿矫鄢鹿展由但来"
# Traditional forms that bylines accept.
TRADITIONAL = (
    "趙錢孫吳鄭馮陳衛蔣韓楊許呂張嚴華謝鄒竇雲蘇範魯韋馬鳳鮑費賀湯羅畢鄔樂於時齊顧黃蕭貝計談龐紀項藍閔強賈婁顏鍾鐘駱萬盧經繆應鄧單諸鈕龔陸榮儲烏車"
    "宮寧欒厲劉龍葉懷從賴藺喬陰蒼聞譚勞壽邊農溫莊閻閆連習魚滿國廣祿闕東歐師鞏聶闞簡饒須豐關荊紅權蓋晉帥況歸陽蘆來"
)
COMPOUND_COMMON = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 端木 南宫 呼延 申屠"
COMPOUND_TEXT_ONLY = "独孤"
COMPOUND_BYLINE_ONLY = "钟离 公孫 南宮 司馬 尉遲 東方 歐陽 諸葛 鍾離 長孫"

# Surnames, and characters of given names, that are the same in both scripts; words made of them are not.
SAME_IN_BOTH_SCRIPTS = frozenset("余范沈姜郁谷岳后于涂曲松咸丑种游台")

FOR_TEXT = frozenset(COMMON + TEXT_ONLY)
COMPOUND_FOR_TEXT = frozenset((COMPOUND_COMMON + " " + COMPOUND_TEXT_ONLY).split())
SURNAMES = frozenset(COMMON + BYLINE_ONLY + TRADITIONAL)
COMPOUND_SURNAMES = frozenset((COMPOUND_COMMON + " " + COMPOUND_BYLINE_ONLY).split())


def begins_with_surname(name: str) -> bool:
    """Check whether a name of a line begins with a surname of one or two characters, in either script."""
    return name[:1] in SURNAMES or name[:2] in COMPOUND_SURNAMES
