"""The words that tell who speaks, in the languages of the European Union, Norway, Ukraine and Russia.

Sayings are whole words, singular forms alone: "sagten" or "powiedzieli" has more than one subject. Stems end in `*`.
Forms that are common words of another language (German "so", Swedish "sa") stand apart, as attributions.
"""

from collections.abc import Iterable

SAYINGS = {
    "bg": (
        "каза казва заяви заявява подчерта добави обясни предупреди посочи отбеляза сподели коментира подчертава "
        "допълни допълва обяснява отбелязва предупреждава посочва твърди настоя призова потвърди увери припомни "
        "изтъкна"
    ),
    "cs": (
        "řekl řekla říká uvedl uvedla uvádí dodal dodala dodává zdůraznil zdůraznila vysvětlil vysvětlila varoval "
        "varovala prohlásil prohlásila upozornil upozornila podotkl podotkla sdělil sdělila vysvětluje upozorňuje "
        "zdůrazňuje varuje tvrdí tvrdil tvrdila připomněl připomněla míní doplnil doplnila konstatoval "
        "konstatovala potvrdil potvrdila napsal napsala"
    ),
    "da": (
        "siger sagde udtaler udtalte forklarer forklarede fortæller fortalte mener mente advarer advarede "
        "understreger understregede tilføjer tilføjede skriver skrev påpeger påpegede bekræfter bekræftede "
        "konstaterer konstaterede vurderer vurderede fastslår fastslog opfordrer opfordrede"
    ),
    "de": (
        "sagt sagte erklärt erklärte betont betonte warnt warnte fügt fügte meint meinte mahnt mahnte fordert "
        "forderte kritisiert kritisierte schreibt schrieb ergänzt ergänzte unterstreicht unterstrich versichert "
        "versicherte berichtet berichtete beklagt beklagte resümiert resümierte verlangte bekräftigt bekräftigte "
        "urteilt urteilte"
    ),
    "el": (
        "είπε λέει δήλωσε δηλώνει τόνισε τονίζει υπογράμμισε πρόσθεσε εξήγησε προειδοποίησε ανέφερε επισήμανε "
        "σημείωσε υποστήριξε προσθέτει εξηγεί προειδοποιεί αναφέρει επισημαίνει σημειώνει υποστηρίζει "
        "υπογραμμίζει σχολίασε διευκρίνισε κατέληξε έγραψε"
    ),
    "en": (
        "said says told tells added adds warned warns stressed argued argues wrote declared explained explains "
        "asked noted insisted urged emphasised emphasized remarked concluded admitted acknowledged replied "
        "commented recalled announced stated insists urges emphasises emphasizes stresses writes concludes admits "
        "acknowledges claimed testified cautioned"
    ),
    "es": (
        "dijo dice dicho afirmó afirma afirmado explicó explica explicado añadió añade añadido señaló señala "
        "señalado aseguró asegura asegurado subrayó subraya subrayado declaró declara declarado advirtió advierte "
        "advertido recordó indicó manifestó apuntó insistió sostiene sostuvo reconoció destacó destacado "
        "manifiesta reconoce zanjó lamentó lamenta concluyó denunció defendió defiende precisó matizó"
    ),
    "et": (
        "ütles ütleb sõnas lisas rõhutas selgitas hoiatas märkis kinnitas teatas nentis tõdes räägib rääkis "
        "rõhutab selgitab hoiatab märgib kinnitab teatab nendib lisab arvab väitis tunnistas kirjutas"
    ),
    "fi": (
        "sanoo sanoi kertoo kertoi toteaa totesi korostaa korosti varoittaa varoitti lisää lisäsi selittää "
        "selitti kirjoittaa kirjoitti arvioi muistuttaa muistutti painottaa painotti vakuuttaa vakuutti "
        "huomauttaa huomautti vaatii kommentoi tiivistää tiivisti pohtii"
    ),
    "fr": (
        "dit déclare déclaré affirme affirmé explique expliqué ajoute ajouté estime estimé souligne souligné "
        "lance lancé rappelle rappelé insiste insisté confie confié précise précisé assure assuré indique indiqué "
        "prévient prévenu martèle martelé regrette regretté résume reconnaît reconnu écrit répond répondu "
        "poursuit poursuivi avertit averti conclut plaide félicite félicité défend défendu dénonce dénoncé "
        "déplore déploré constaté observé jugé raconte raconté témoigne témoigné commenté alerté réagi réagit "
        "soutient soutenu plaidé détaille détaillé"
    ),
    "ga": "dúirt deir mhínigh dhearbhaigh d'fhógair",
    "hr": (
        "rekao rekla kazao kazala kaže izjavio izjavila dodao dodala istaknuo istaknula naglasio naglasila "
        "objasnio objasnila upozorio upozorila poručio poručila ističe naglašava objašnjava upozorava dodaje "
        "poručuje smatra tvrdi tvrdio tvrdila ocijenio ocijenila zaključio zaključila napisao napisala pojasnio "
        "pojasnila"
    ),
    "hu": (
        "mondta mondja közölte nyilatkozta hozzátette hangsúlyozta kiemelte figyelmeztetett kijelentette "
        "fogalmazott magyarázta írta hangsúlyozza kiemeli közli hozzáteszi magyarázza vélekedett állítja "
        "emlékeztetett figyelmeztet rámutatott összegzett"
    ),
    "it": (
        "detto dice dichiara dichiarato spiega spiegato aggiunge aggiunto afferma affermato sottolinea "
        "sottolineato avverte avvertito ricorda ricordato osserva osservato commenta commentato conclude concluso "
        "ribadisce ribadito sostiene sostenuto precisato evidenzia evidenziato denunciato chiarisce chiarito "
        "insistito annuncia annunciato assicura assicurato replicato"
    ),
    "lt": (
        "sakė sako teigė teigia pridūrė pabrėžė aiškino paaiškino perspėjo pažymėjo nurodė kalbėjo pareiškė "
        "pabrėžia aiškina perspėja pažymi nurodo priduria tvirtino tvirtina įspėjo įspėja komentavo"
    ),
    "lv": (
        "sacīja saka teica pauda uzsvēra piebilda skaidroja norādīja brīdināja atzina paziņoja uzsver piebilst "
        "skaidro norāda brīdina atzīst paziņo pauž pastāstīja stāsta apgalvo apliecināja"
    ),
    "mt": (
        "qal qalet żied żiedet spjega spjegat saħaq saħqet wissa wissiet stqarr stqarret jgħid tgħid tenna "
        "tenniet sostna sostniet"
    ),
    "nl": (
        "zegt zei verklaart verklaarde stelt stelde waarschuwt waarschuwde voegt voegde benadrukt benadrukte "
        "vertelt vertelde vindt schrijft schreef antwoordt meldde erkent erkende concludeert concludeerde "
        "antwoordde meent meende reageert reageerde betoogt betoogde"
    ),
    "no": (
        "sier forteller fortalte mener mente forklarer forklarte advarer advarte understreker understreket "
        "skriver uttaler uttalte tilføyer tilføyde påpeker påpekte bekrefter bekreftet skrev fastslår oppfordrer"
    ),
    "pl": (
        "mówi mówił mówiła powiedział powiedziała stwierdził stwierdziła dodał dodała podkreślił podkreśliła "
        "zaznaczył zaznaczyła oświadczył oświadczyła ocenił oceniła ostrzegł ostrzegła wyjaśnił wyjaśniła "
        "tłumaczył tłumaczyła przyznał przyznała napisał napisała podkreśla dodaje wyjaśnia ocenia zaznacza "
        "ostrzega przekonuje przekazał przekazała zapowiedział zapowiedziała twierdzi twierdził twierdziła "
        "apeluje apelował apelowała tłumaczy zauważył zauważyła zauważa zapewnił zapewniła zapewnia przypomniał "
        "przypomniała przypomina komentuje skomentował skomentowała informuje poinformował poinformowała"
    ),
    "pt": (
        "disse diz afirmou afirma explicou explica acrescentou acrescenta sublinhou sublinha "
        "declarou declara alertou alerta defendeu defende garantiu garante referiu salientou "
        "destacou frisou considerou lembrou adiantou refere salienta frisa lembra adianta "  # codespell:ignore refere
        "sustenta sustentou reconhece reconheceu concluiu insistiu contou"
    ),
    "ro": (
        "spus spune declarat declară afirmat afirmă precizat precizează adăugat "
        "adaugă subliniat subliniază explicat explică avertizat avertizează "  # codespell:ignore explicat
        "menționat menționează susținut susține transmite insistat insistă "
        "reamintit amintit amintește scris concluzionat"
    ),
    "ru": (
        "сказал сказала говорит заявил заявила подчеркнул подчеркнула добавил добавила пояснил пояснила отметил "
        "отметила предупредил предупредила объяснил объяснила сообщил сообщила подчёркивает подчеркивает "
        "подчёркнул добавляет поясняет отмечает предупреждает объясняет сообщает считает утверждает напомнил "
        "напомнила рассказал рассказала призвал призвала заключил заключила написал написала"
    ),
    "sk": (
        "povedal povedala hovorí uviedol uviedla dodal dodala zdôraznil zdôraznila vysvetlil vysvetlila varoval "
        "varovala vyhlásil vyhlásila upozornil upozornila skonštatoval skonštatovala uvádza dodáva zdôrazňuje "
        "vysvetľuje varuje upozorňuje tvrdí tvrdil tvrdila doplnil doplnila pripomenul pripomenula napísal "
        "napísala"
    ),
    "sl": (
        "dejal dejala pravi povedal povedala poudaril poudarila dodal dodala pojasnil pojasnila opozoril "
        "opozorila izjavil izjavila poudarja dodaja pojasnjuje opozarja trdi zatrdil zatrdila navaja navedel "
        "navedla sporočil sporočila zapisal zapisala ocenil ocenila razlaga"
    ),
    "sv": (
        "sade säger berättar berättade menar menade förklarar förklarade varnar varnade "  # codespell:ignore sade
        "betonar betonade skriver tillägger tillade konstaterar konstaterade framhåller "
        "framhöll understryker underströk påpekar påpekade uppger uppgav hävdar hävdade skrev "
        "förtydligar"
    ),
    "uk": (
        "сказав сказала каже заявив заявила наголосив наголосила додав додала пояснив пояснила зазначив зазначила "
        "попередив попередила підкреслив підкреслила зауважив зауважила наголошує додає пояснює зазначає "
        "попереджає підкреслює вважає стверджує повідомив повідомила нагадав нагадала розповів розповіла закликав "
        "закликала написав написала"
    ),
}
SAYING = frozenset(word for words in SAYINGS.values() for word in words.split())
GERMAN_SAYING = frozenset(SAYINGS["de"].split()) | {"so", "laut"}

# Words that name the speaker who directly follows. Those that put a name into another case ("podle", "według",
# "по словам", "potrivit") are left out: the name would be given in a form that nobody bears.
_ATTRIBUTION = """
    according selon d'après so laut según secondo aldus volgens segundo enligt ifølge skont arsa sa според
"""
ATTRIBUTION = frozenset(_ATTRIBUTION.split())
# Of these, the ones that are everyday words elsewhere: the name must be all that follows.
BARE_ATTRIBUTION = frozenset({"so", "sa"})
# Such words that do it only behind another: "de acordo com Rui dos Santos", "potrivit lui Radu Ionescu".
ATTRIBUTION_BEHIND = {"acordo": "de", "acuerdo": "de", "lui": "potrivit"}
AFTER_NAME = frozenset({"szerint"})  # Hungarian: "Novak Ana szerint"

_PRONOUNS = """
    he she il elle er hij zij ze han hon hun él ella egli lei ele ela ona hän ő той тя він вона он она
"""
PRONOUNS = frozenset(_PRONOUNS.split()) | {"sie"}  # codespell:ignore sie
PRONOUN_FIRST = frozenset({"il"})  # after the verb it is the Italian article

# Between a verb of saying and a name these make the name the one spoken to, not the one who speaks.
_TO_WHOM = """
    to with à au aux avec zu gegenüber mit tegen aan met til till med al ai con com ao przy z ze s k do για στον
    στην στο på hos about über sur sobre su over of von om a о об про на per for für pour para dla
"""
TO_WHOM = frozenset(_TO_WHOM.split())
# Between them, these open a clause of its own: whoever is named in it does not speak.
_CLAUSE = """
    that where when while because after before as than who which whose what how if dass weil als wo wenn während
    que où quand parce donde cuando porque che dove quando perché dat waar toen omdat że gdy kiedy bo ponieważ att
    når när da hvor fordi kde keď když jer kada hogy что где когда що де коли че където когато ότι που όταν
"""
CLAUSE = frozenset(_CLAUSE.split())
PLACES = frozenset(
    {"in", "near", "by", "par", "en", "em", "w", "v", "ve", "u", "i", "inside", "nahe", "vicino", "в", "у"}
)
# After a name these lead to the body that a person speaks for.
_OF_WHAT = """
    of from for at de des du del della dell di da do dos das von vom der bei beim van bij z ze od iz fra från af
    av hos na la le til στο στη του της от из від з az
"""
OF_WHAT = frozenset(_OF_WHAT.split())
_ASKING = """
    told tells asked vertelt vertelde fortalte fortæller forteller berättade berättar
"""
ASKING = frozenset(_ASKING.split())

# Before a verb of saying these make the name the one spoken to or of: "Ana Novak was told", "is said to".
PASSIVE = frozenset({"is", "was", "were", "been", "being", "été", "stato", "stata", "sido", "fue"})

# What a text says, right behind a name, where it is not the person's own. Who is given another name is being protected.
CHANGED_NAMES = (
    "name changed",
    "name has been changed",
    "names have been changed",
    "name was changed",
    "not her real name",
    "not his real name",
    "not their real name",
    "a pseudonym",
    "prénom modifié",
    "prénom a été modifié",
    "nom modifié",
    "nom d'emprunt",
    "prénom d'emprunt",
    "prénom a été changé",
    "name geändert",
    "name von der redaktion geändert",
    "namen geändert",
    "nombre ficticio",
    "nombre supuesto",
    "nome di fantasia",  # codespell:ignore nome
    "nome fittizio",  # codespell:ignore nome
    "nome fictício",  # codespell:ignore nome
    "gefingeerde naam",
    "niet haar echte naam",
    "niet zijn echte naam",
    "imię zmienione",
    "imię i nazwisko zmienione",
    "jméno změněno",
    "jméno bylo změněno",
    "meno zmenené",
    "ime spremenjeno",
    "ime je spremenjeno",
    "ime promijenjeno",
    "ime je promijenjeno",
    "nevét megváltoztattuk",
    "nume schimbat",
    "numele a fost schimbat",
    "името е променено",
    "το όνομα έχει αλλάξει",
    "fingerat namn",
    "egentligen något annat",
    "navnet er ændret",
    "opdigtet navn",
    "navnet er endret",
    "nimi muutettu",
    "nimi on muutettu",
    "nimi muudetud",
    "vardas pakeistas",
    "vārds mainīts",
    "имя изменено",
    "ім'я змінено",
)

_ROLES = """
    kamerlid raadslid bestuurslid statsråd riksdagsledam* stortings*
    minister* ministr* ministéri* ministér* ministar* ministras* ministrė* miniszter* министър* министр* міністр*
    υπουργ* aire* president* präsident* présiden* presiden* prezyden* prezident* predsjed* predsed* předsed*
    pirminink* preşedin* președin* elnök* puheenjohtaj* preses* президент* председател* голова πρόεδρ* uachtarán*
    commission* kommissar* kommissær* kommissarie* komisar* komisarz* komissar* komisarė* comisar* comissár*
    commissar* eurocommissar* volinik* biztos* комис* еврокомис* єврокомісар* επίτροπ* coimisinéir* kummissar*
    povjereni* director* direct* direkt* dyrektor* ředitel* riaditeľ* direktor* igazgat* johtaj* juhataj*
    директор* διευθυντ* founder* founded fondat* gründer* fundador* fondatric* oprichter* założyciel* grundlegg*
    grundare* perustaja* asutaja* zakladatel* alapító* fundator* основател* засновни* ιδρυτ* chair* chief* head
    leader* chef* leiter* vorsitz* vorst* spokes* porte-parole sprecher* portavoz portavoce woordvoerd* rzeczni*
    porta-voz talesperson* talsperson* talsmand* talskvinn* tiedottaj* mluvč* hovorc* glasnogovor* tiskov* szóviv*
    purtător* говорител* речни* пресс-секретар* secretary* secrétaire* staatssekret* secretari* segretari*
    secretár* sekretarz* sekreter* секретар* mep meps member* député* abgeordnet* diputad* deputat* deputad*
    europoseł* poseł* posłan* poslan* képvisel* eurodeput* europarlament* kansanedustaj* folketing* senator*
    sénat* senad* депутат* ευρωβουλευτ* βουλευτ* lawyer* attorney* avocat* anwält* anwalt* abogad* avvocat*
    advoca* advogad* adwokat* advokat* адвокат* prosecutor* procur* staatsanw* fiscal* officer* commander*
    researcher* professor* profess* prof dr doctor* expert* judge* richter* mayor* bürgermeister* campaigner*
    activist* aktivist* chancellor* kanzler* kanclerz* premier* prime rapporteur* coordinator* manager* ceo
    analyst* editor* journalist* author* ambassador* envoy* union deputy vice sir dame lord baroness mr mrs ms mme
    m monsieur madame herr frau señor señora signor signora pan pani pán paní doña don fru г-н г-жа пан пані кмет*
    архиеп* state adv lt col gen sgt capt justice administrator* prince princess king queen pope coach* trainer*
    entraîn* capitaine kapitän* congress* councillor* councilor* speaker*
"""
_VICTIMS = """
    victim* survivor* survived abused molested raped groomed opfer* betroffene* überlebende* missbraucht* victime*
    survivant* abusé* violé* víctima* superviviente* sobreviviente* abusad* vittim* sopravvissut* abusat*
    slachtoffer* overlevende* misbruikt* ofiar* ocala* pokrzywdzon* molestowan* vítima* sobrevivente* offer offret
    brottsoffer* överlevare utsatt* ofre offeret overlever* misbrugt* misbrukt* uhri* selviyty* hyväksikäyt*
    ohver* ohvr* ellujää* upuri* cietu* auka aukos nukentėj* oběť* oběti* přeživš* zneuží* obeť* obete* obeti*
    preživš* žrtv* žrtev* preživ* zlorablj* zlostavlj* áldozat* túlélő* supraviețuit* abuzat* жертв* пострада*
    оцеля* θύμα θύματ* επιζ* κακοποι* íospart* marthan* vittm* постражда* потерпі* потерпев*
"""
# Words that make a run of capitalised words the name of a body, a place, a day or a book of law, not of a person.
_NOT_PEOPLE = """
    zeitung abendblatt tageblatt anzeiger kurier bote quotidien courrier tribune gazette dagblad*
    nieuwsblad corriere giornale periódico diario gazeta dziennik treaty treaties platforms technologies systems
    tech ireland zealand korea africa arabia lanka leone macedonia herzegovina
    commission* kommission* comisión* commissione* commissie komisj* komise* komisij* bizottság* comissão*
    comisia* комиси* комісі* επιτροπ* parliament* parlam* parlem* парламент* κοινοβούλιο* council* conseil* rat
    consejo consiglio raad rada conselho consiliu* съвет* συμβούλιο* union* unión* unione* unie unia unii união*
    uniun* съюз* союз* ένωση* europ* európ* ευρωπαϊκ* европ* європ* international* internaci* national* nation*
    global* world* federal* bundes* ministry* ministère* ministerium* ministerio* ministero* ministerie*
    ministerstwo* ministério* minister* police* polizei* policía* polizia* politie* policj* polícia* poliți*
    полиц* поліц* court* tribunal* gericht* house home affairs foundation* fondation* stiftung* fundación*
    fondazione* stichting* fundacj* association* asociación* associazione* verband* verein* stowarzysz* alliance*
    allianz* movement* mouvem* bewegung* coalition* koalition* network* netz* agency* agentur* agence* agencia*
    agenzia* agencj* agência* group* grupp* grupo* gruppo* party partei parti partido* partito* partij partia
    church* university* universit* uniwersytet* univerzit* institute* institut* inštitút* centre center centr*
    zentrum centro centrum office* office board committee* ausschuss* comité* department* act law regulation*
    verordnung* convention* charter summit* forum* report* news times post herald gazette press* radio television
    guardian telegraph mirror street road square city north south east west new united kingdom states republic*
    republik* rights human data children kids child save safe online digital internet brave hotline watch
    federation* confédération* cyber* security protection* society* trust bank* company corp inc ltd monday
    tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december deutsch* telekom* american* british french german* italian* spanish* polish dutch*
    belgian* swiss swedish danish norwegian* finnish irish polsk* česk* slovensk* svensk* dansk* norsk* suom*
    nederlandse magyar* român* hrvatsk* lietuvos latvijas eesti amnesty wikileaks oxfam google facebook instagram
    whatsapp youtube tiktok microsoft apple amazon strip social
"""
# Words that are capitalised because they open a sentence.
_OPENERS = """
    d'après the a an but and when while after before as if in on at for from by so this that these those it its his her
    their our my mr today yesterday later then now also both meanwhile however still yet even with without since
    under over among according le la les l un une des et mais quand selon pour dans en au aux ce cette ces son sa
    ses der die das ein eine und aber auch als wenn nach für im am bei mit laut wie dem den el los las una y pero
    cuando según para este esta su il lo gli i e ma quando secondo per questo questa de het een maar toen volgens
    voor dit deze o os um uma mas segundo w na po ale oraz gdy jak zdaniem według z v se podle když och men när
    enligt det ett og da ifølge ja mutta kun aga kui bet kad ir és az egy si și dar când в на и но по за а та і
    але у з до και αλλά ο η το οι τα σε sagte said to von van sein seine ihr ihre doch dann denn
"""


class Lexicon:
    """Words and stems, asked by case-folded word."""

    def __init__(self, words: Iterable[str]) -> None:
        folded = [word.casefold() for word in words]
        self._whole = frozenset(w for w in folded if not w.endswith("*"))
        self._stems = frozenset(w[:-1] for w in folded if w.endswith("*"))
        self._lengths = sorted({len(s) for s in self._stems})

    def __contains__(self, folded: object) -> bool:
        return isinstance(folded, str) and (
            folded in self._whole or any(folded[:n] in self._stems for n in self._lengths if n <= len(folded))
        )


ROLES = Lexicon(_ROLES.split())
VICTIMS = Lexicon(_VICTIMS.split())
NOT_PEOPLE = Lexicon(_NOT_PEOPLE.split())
OPENERS = frozenset(_OPENERS.split())
# German compounds end in the office: "Innenministerin", "Behördenchef", "Kanzleramtssprecherin".
_GERMAN_OFFICE = """
    minister ministerin sprecher sprecherin chef chefin präsident präsidentin kommissar kommissarin beauftragte
    beauftragter leiter leiterin sekretär sekretärin politiker politikerin vorsitzende vorsitzender experte
    expertin trainer trainerin coach lehrer lehrerin sieger siegerin schüler schülerin führer führerin forscher
    forscherin kommentator kommentatorin anwalt anwältin kapitän direktor direktorin wissenschaftler
    wissenschaftlerin
"""
GERMAN_OFFICE = tuple(_GERMAN_OFFICE.split())
