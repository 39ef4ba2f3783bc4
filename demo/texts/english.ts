import type { LanguageTexts } from './LanguageTexts.ts';

export const ENGLISH: LanguageTexts = {
  inCity: 'in {place}',
  inDistrict: 'in {name}',
  office: 'Integration Office',
  contactHeading: 'Any questions?',
  pages: {
    welcome: [
      'Welcome',
      `It is good to have you here! People who have just arrived {inPlace} have many questions: Where do I register? How do I find a language course, a doctor, a school? Here you find short answers and the addresses of people who will help you further.
Every page works offline once you have opened it. Choose your language at the top. If a page has not been translated yet, please read it in German or English.`,
    ],
    about: [
      'About {place}',
      `People from more than a hundred countries live {inPlace}. Some came decades ago to work, others only a few weeks ago. Many clubs, churches, mosques and neighbourhood centres are happy to see new faces.
A good first walk leads from the station across the market square to the library. There you get free Wi-Fi, a town map to take away and a board with all the courses and festivals of the month. On Wednesdays and Saturdays farms from the area sell fruit, vegetables and bread at the market.`,
    ],
    'first-steps': [
      'First steps',
      `There is a lot to do in the first weeks. This order has proved useful:
- register your flat or shelter at the citizens' service
- choose a health insurer and apply for your card
- open a bank account
- sign your children up for day care or school
- make an appointment for a language placement test
Keep every letter from an authority and note the date by which you must answer. If you do not understand something, bring the letter to our open hours. It costs nothing.`,
    ],
    registration: [
      'Registering your address',
      `Everyone who moves in {inPlace} registers at the citizens' service within two weeks. This is also true when you only move within the town.
Please bring:
- passports or identity cards of the whole family
- the landlord's confirmation that you have moved in
- marriage and birth certificates if you have them
Registration is free. You receive a certificate straight away. Your tax number follows by post a few weeks later; your employer needs it to pay you.`,
    ],
    bank: [
      'Bank account',
      `Rent, wages and child benefit are paid by bank transfer in Germany, so you need an account. Every bank must offer you a so-called basic account, even if you have applied for asylum or have no fixed address.
Take your passport or residence permit and the certificate of registration with you. Ask about the fees: anything between nothing and twelve euros a month is usual. Never tell anyone your PIN, not even a friendly caller who says he is from the bank.`,
    ],
    advice: [
      'Migration advice',
      `At the advice centre somebody listens to you without hurry. Together you work out what comes next: a language course, work, family, debts or trouble with a contract. The conversations are free of charge and confidential, towards other authorities as well.
Adults go to the migration advice service, young people up to 27 to the youth migration service. Both see people {inPlace} by appointment, and on Tuesdays without one. Interpreters are available for many languages; please say so when you call.`,
    ],
    language: [
      'Learning German',
      `Every new word makes daily life easier. {InPlace} you can learn in an integration course, at the adult education centre, at the language café or at home on your phone. Many offers are free or subsidised.
You do not know which course is right? A short test shows where you stand. After that we advise you which way fits your work, your children and your pace.`,
    ],
    'integration-course': [
      'Integration course',
      `The integration course has 600 lessons of German and 100 lessons about life in Germany. It ends with two exams: German at level B1 and a test on history, law and everyday life.
There are courses for parents with child care, for young adults, in the evening and for people who are only learning to read and write. The right to attend comes from the immigration office, the job centre or your own application. Sign up early, because places {inPlace} are in demand.`,
    ],
    'course-costs': [
      'Costs and travel money',
      `If you receive basic income support, the integration course is free. Everybody else pays a contribution per lesson. If you pass the exam within two years, you can get half of it back.
If the way to the course is longer than three kilometres, there is money for buses and trains. You get the form at the language school. Keep your tickets until the decision has arrived.`,
    ],
    'language-cafe': [
      'Language café',
      `Coffee, biscuits and an hour of German: at the language café you practise without a textbook and without marks. Volunteers talk with you about whatever is on your mind, from parents' evenings to favourite recipes. Nobody laughs at mistakes.
You do not have to register. Children may come along, there is a corner to play in. If you already speak German well you are welcome too and can help others to begin. The dates are listed under events.`,
    ],
    interpreters: [
      'Interpreting',
      `When you talk to a school, an office or a hospital, it is important that you understand everything. {InPlace} there is a pool of trained interpreters for more than thirty languages. They are bound to secrecy.
In most cases the office that wants to talk with you orders and pays for the interpreter. Ask for it at least a week ahead. Children should not have to translate difficult subjects.`,
    ],
    residence: [
      'Residence and law',
      `What you may do in Germany is written in your residence permit: whether you can work, how long you may stay and whether your family can follow. The next pages explain the most important papers in plain words.
These pages do not replace legal advice. If you receive a letter of refusal, go to an advice centre in the same week, because the time for an objection or an appeal is short.`,
    ],
    'immigration-office': [
      'Immigration office',
      `The immigration office is responsible for residence permits, toleration papers, travel documents and work permits. Make an appointment online or by telephone. Without one only emergencies are dealt with, for example when your card has been stolen.
Come ten minutes early and bring your passport, a recent biometric photo, your rental contract and pay slips. You may bring a person you trust. Report every new address and every new job.`,
    ],
    permit: [
      'Residence permit',
      `A residence permit is always given for a purpose: training, studies, work, family or protection from persecution. The card or a sheet that comes with it says whether you may work. The words "Erwerbstätigkeit erlaubt" mean that you can take any job.
If your life changes, for instance through a separation or a new job, ask before you change anything. People from Ukraine have their own rules of temporary protection.`,
    ],
    extension: [
      'Extending your permit',
      `Apply for an extension about eight weeks before your card expires. If the application arrived in time, your old permit stays valid until a decision is made. You are given a paper that proves this, and you may go on working as before.
Add copies of your passport, work contract, the last three pay slips, rental contract and language certificates. If something is missing, the office will write to you. Always answer, even when you do not have the paper yet.`,
    ],
    asylum: [
      'Asylum procedure',
      `The Federal Office decides on asylum, not the municipality. The interview matters most: there you tell why you left your country. Take time for a talk with an adviser beforehand. You can ask for a woman to hear you or to interpret.
If the decision is negative, you often have only one or two weeks to appeal. The date on the yellow envelope counts. Do not throw it away.`,
    ],
    citizenship: [
      'Becoming a citizen',
      `After living lawfully in Germany for several years you can apply for German citizenship. As a rule you need German at level B1, a passed citizenship test and your own income. In most cases you may keep the citizenship you have.
At present an application {inPlace} takes many months. A first talk helps to make it complete from the start. Twice a year we celebrate all new citizens with music at the town hall.`,
    ],
    work: [
      'Work and training',
      `Work of your own makes you independent. {InPlace} care homes, workshops, kitchens, logistics firms and offices are looking for people, often without perfect German. Here you read how to find a job, how to have your qualification recognised and which rights you have.
First check whether your residence permit allows you to work. The employment agency answers questions in other languages too.`,
    ],
    'job-search': [
      'Finding a job',
      `Many jobs are never advertised. Tell people at the language café, at the sports club and in your street that you are looking for work. An appointment at the employment agency or the job centre is worth it as well.
An application has a short letter, a CV and certificates. Once a month volunteers {inPlace} check your papers free of charge and practise the interview with you. Never pay anybody who promises you a job.`,
    ],
    recognition: [
      'Recognition of qualifications',
      `Are you a nurse, a teacher or an electrician? Have your qualification compared with the German one. For some professions, such as in medicine, recognition is required. In others it improves your wage.
The advice service finds out which body is responsible, which papers must be translated and who pays. If a part is missing, you can make up for it in a course or at work. Once a month we also advise by video.`,
    ],
    apprenticeship: [
      'Apprenticeships',
      `In an apprenticeship you learn for two to three and a half years in a company and at a vocational school, and you earn money while doing so. There are more than three hundred trades, from baker to mechatronics technician. There is no age limit.
Most apprenticeships begin in September. Apply in the year before. You find open places nearby in this app. If your German is not good enough yet, an entry qualification helps: a long, paid internship.`,
    ],
    internship: [
      'Internships',
      `An internship shows you what a trade is really like, and the company gets to know you. Many apprenticeships begin with a week on trial. Just ask politely in the shop, the workshop or the surgery.
While your asylum case is open you need permission for some internships. A short visit without working is always possible. Ask for a certificate at the end.`,
    ],
    'work-rights': [
      'Your rights at work',
      `A legal minimum wage applies to almost everyone in Germany, wherever they come from. You have a right to a written contract, to paid holidays and to pay when you are ill. Write down yourself every day how long you have worked.
If your wage is not paid, trade unions and the fair work advice centre help in many languages. You do not have to be a member. Do not sign a notice that you do not understand.`,
    ],
    family: [
      'Children and school',
      `Children learn fast when they play with others early. {InPlace} there are nurseries, kindergartens, schools and many meeting places for families. The next pages tell you when to sign up your child, what it costs and what help there is.
Parents' evenings are not an exam. You may ask anything, and if you speak little German yet you can bring somebody who translates.`,
    ],
    childcare: [
      'Day care',
      `From the first birthday every child has a right to a place in day care. Sign up about a year ahead and name several places, because not every wish can be met. Plan two to four weeks of settling in, during which you stay with your child.
The fee depends on the hours and on your income. Families with little money often pay nothing. Before the first day your child needs advice on vaccinations and protection against measles.`,
    ],
    school: [
      'School',
      `All children from the age of six must go to school, even if your family has only just arrived. State schools are free of charge. After primary school there are several ways, and they can still be changed later.
Pupils without German first learn in a class with many language lessons and move to the regular class step by step. All-day schools offer lunch and help with homework.`,
    ],
    enrolment: [
      'Enrolling your child',
      `You receive a letter in the autumn before school begins. If you arrive during the school year, call the nearest primary school or ask us.
This is what you need:
- birth certificate or passport of the child
- certificate of registration
- proof of measles vaccination
- old school reports, untranslated if need be
A doctor of the health office examines eyes, ears and speech. School bags, exercise books and outings are subsidised by the education package.`,
    ],
    benefits: [
      'Child benefit and support',
      `Child benefit is a fixed monthly sum for each child. You apply to the family benefits office; it is paid for no more than six months back. After a birth there is parental allowance for some time when one parent works less.
If the income is not enough, there are a child supplement, housing benefit and the education package. Whether you get them also depends on your residence permit. The advice centre {inPlace} works it out with you.`,
    ],
    health: [
      'Health',
      `When you are ill, first see a family doctor. Go to hospital only in an emergency. Always bring your insurance card or your treatment voucher.
You get medicine at a pharmacy, much of it only on prescription. At night and on Sundays one pharmacy nearby is always open; the door of every pharmacy tells you which.`,
    ],
    emergency: [
      'Emergency',
      `If a life is in danger, call **112**. The call is free and works without credit. Say where you are, what has happened and how many people are hurt. Do not hang up before the control room ends the call.
- 112: fire brigade and ambulance
- 110: police
- 116 117: doctors on call in the evening and at weekends
In cases of violence in the family, helplines advise you day and night in many languages, and you need not give your name.`,
    ],
    doctor: [
      'Seeing a doctor',
      `Make an appointment by telephone or online, and cancel it if you cannot come. The family doctor knows your history and sends you to a specialist when needed. Write down beforehand what hurts and which medicine you take.
Doctors may not tell anybody what you talk about, no authority either. If you cannot work, the sick note goes to your insurer electronically. You tell the company yourself, best before work begins.`,
    ],
    insurance: [
      'Health insurance',
      `Almost everybody in Germany has health insurance. If you work, you choose a public insurer; you and your employer each pay half of the contribution. Children and partners without an income of their own are insured with you at no cost.
During the asylum procedure the social welfare office first issues treatment vouchers. Compare the additional contributions and what is offered in your language. You can change later.`,
    ],
    'mental-health': [
      'Mental health',
      `Poor sleep, fear, memories that keep coming back: this is not weakness, and there is help. A first step is to talk to a family doctor or an advice centre. {InPlace} there are also groups in which you can speak your own language.
Sadly the wait for a therapist is often long. The appointment service at 116 117 arranges a first talk. In an acute crisis every hospital with a psychiatric ward helps at once, day and night.`,
    ],
    housing: [
      'Housing',
      `Finding an affordable flat {inPlace} takes patience. We explain where to look, what is written in a rental contract, which costs come on top of the rent and how to get along well with the neighbours.
If you live in a shelter and may move out, talk to the social welfare office first, so that the rent is really paid.`,
    ],
    'flat-search': [
      'Looking for a flat',
      `Look on the internet, in the newspaper, at housing companies and in our housing exchange, where private landlords offer their flats directly. With a housing entitlement certificate you may rent cheaper, subsidised flats.
Prepare a folder: identity card, pay slips or benefit letter, a statement about debts and a few sentences about your family. Never transfer money before you have seen the flat and signed the contract.`,
    ],
    'rental-contract': [
      'Rental contract',
      `Read the contract with somebody who knows German well before you sign. The important things are basic rent, running costs, deposit and who pays for small repairs. The deposit may be three months' rent at most and can be paid in three parts.
When you move in, write down all damage and take photos. You can end the contract with three months' notice, always in writing. In a dispute the tenants' association helps.`,
    ],
    'running-costs': [
      'Heating, power and running costs',
      `On top of the rent you pay in advance for heating, water, waste and cleaning of the building. Once a year there is a bill: if you used more you pay the rest, otherwise you get money back. Power you usually order yourself; compare the prices.
How to save: open the windows wide for a short time, turn the heating down at night, wash full loads at thirty degrees. An energy team {inPlace} visits you free of charge and brings new lamps.`,
    ],
    waste: [
      'Sorting waste',
      `In Germany waste is sorted. The colours of the bins may differ from place to place:
- paper and cardboard: blue bin
- kitchen and garden waste: brown bin
- plastic and metal packaging: yellow bin or yellow bag
- everything else: grey or black bin
Glass goes into the containers by colour, but not at night and not on Sundays. Every supermarket takes back batteries, and old furniture is collected on request. Bottles with a deposit sign get you money back.`,
    ],
    everyday: [
      'Daily life and leisure',
      `Taking the bus, shopping, sports, borrowing books: here you find what makes daily life {inPlace} pleasant and costs little. With the social pass you pay less at the pool, the museum and the theatre.
On Sundays most shops are closed and it should be quiet. That leaves time for a walk, for friends or for one of the many festivals.`,
    ],
    transport: [
      'Bus, train and bicycle',
      `Buy your ticket before the ride, from the machine or on your phone. Riding without a valid ticket costs at least sixty euros. If you travel often, the Deutschlandticket is worth it: it is valid on buses, trams and regional trains in the whole country.
By bicycle you are often faster {inPlace}. A light, a bell and two brakes are required. At the bicycle workshop you repair your bike yourself with advice and pay for the parts only.`,
    ],
    library: [
      'Library',
      `You are always welcome in the library, with or without a card. You can read, study, print and use the internet for free. Children and young people borrow at no cost, adults pay a small yearly fee.
There are picture books in two languages, novels in Arabic, Ukrainian, Turkish and English, and workbooks for German exams. Every Saturday morning somebody reads aloud, once a month in several languages at the same time.`,
    ],
    sports: [
      'Sports and clubs',
      `A club is the fastest way to new friends. Football, swimming, dancing, choir or gardening: you may try it two or three times for free. The fee is small, and for children from families with little money the education package pays it.
For women there are separate swimming hours {inPlace} and a bicycle course. If you would like to offer something yourself, a cooking evening for example, get in touch with the volunteer agency.`,
    ],
  },
  events: {
    'info-evening': [
      'Information evening for newcomers',
      `An evening for everybody who has arrived {inPlace} in the last months. People from the town hall, schools and the job centre introduce themselves and answer your questions. There is tea, juice and pretzels. Interpreters for Arabic and Ukrainian are there.`,
    ],
    'language-cafe': [
      'Language café',
      `Practise German over coffee and cake. Come when you like and stay as long as you want. No registration, no costs, and a corner for children to play.`,
    ],
    homework: [
      'Homework help',
      `Volunteers help pupils from the first to the eighth year with maths, German and English. Please bring exercise books and a pen. Every other week, on Tuesday and Thursday.`,
    ],
    breakfast: [
      "Parents' breakfast",
      `Once a month parents have breakfast together and talk about a subject: sleep, media, ways to school, growing up with two languages. Children come along. Bring a little something for the buffet if you like.`,
    ],
    festival: [
      'Festival of cultures',
      `Music, dance, food from all over the world and games for children, all day long. More than forty clubs {inPlace} take part. Admission is free and there are no steps.`,
    ],
    recognition: [
      'Online: recognition of qualifications',
      `Did you learn a trade or study abroad? In this video session you hear how your qualification is recognised. Have your certificate at hand. The room opens five minutes before the start.`,
    ],
    exhibition: [
      'Exhibition: suitcases tell stories',
      `Twelve people show what was in their suitcase when they arrived, and tell why just this thing had to come along. Open on weekdays only, texts in German and English.`,
    ],
    bicycle: [
      'Bicycle course for women',
      `In eight meetings women learn to ride a bicycle safely. Bicycles and helmets are provided. The course is led by women, and there is child care.`,
    ],
    'job-fair': [
      'Apprenticeship fair',
      `Thirty companies from the region present their trades. Talk to apprentices, try out tools and arrange an internship.`,
    ],
    choir: [
      'Open choir',
      `We sing songs in many languages. Nobody has to read music. Rehearsals every Monday evening except in the holidays.`,
    ],
  },
  locations: {
    'integration-office': [
      'Integration Office',
      `The first place to go for everyone new {inPlace}. We listen, explain letters and find the right address for what you need.`,
    ],
    'citizen-service': [
      "Citizens' service",
      `Here you register your address and apply for certificates and identity cards. Take a number at the entrance.`,
    ],
    'immigration-office': [
      'Immigration office',
      `Responsible for residence permits, extensions and travel documents. Please make an appointment.`,
    ],
    'job-centre': [
      'Job centre',
      `Help with finding work, and benefits to live on. At the reception they help you to fill in the forms.`,
    ],
    'adult-school': [
      'Adult education centre',
      `German courses at all levels, exams, computer courses and much more. Placement tests by appointment.`,
    ],
    library: ['Public library', `Books, films and games in many languages, quiet places to study and free Wi-Fi.`],
    'health-office': [
      'Health office',
      `Advice on vaccinations, school check-ups and infectious diseases. Confidential, and anonymous if you wish.`,
    ],
    clinic: [
      'Hospital',
      `Hospital with an emergency department, maternity ward and children's clinic. Open around the clock.`,
    ],
    pharmacy: [
      'Market pharmacy',
      `Medicine, advice and vaccinations. The team speaks English, Turkish and Russian besides German.`,
    ],
    'family-centre': [
      'Family centre',
      `Toddler groups, advice and an open café for parents. You can leave your pram in the hall.`,
    ],
    'youth-centre': [
      'Youth club',
      `Table football, a music room, a workshop and somebody who listens. For everyone from 12 to 21.`,
    ],
    'food-bank': [
      'Food bank',
      `Food for people with little money. On your first visit please bring a letter that shows your income.`,
    ],
    'bike-workshop': [
      'Bicycle workshop',
      `Repair your bicycle yourself; tools and advice are provided. Donated bikes are sold cheaply.`,
    ],
    'meeting-place': [
      'Neighbourhood centre',
      `An open house with a garden and a kitchen. Groups can use the rooms free of charge.`,
    ],
    swimming: [
      'Indoor pool',
      `Pool, children's area and swimming lessons. On Sundays from eight to ten for women only.`,
    ],
    'tenants-association': [
      "Tenants' association",
      `Advice on rental contracts, notice and running costs. Free for members, a first answer for everyone.`,
    ],
    'legal-advice': [
      'Legal advice on asylum',
      `Students and lawyers advise on asylum and residence free of charge. Bring all your letters.`,
    ],
  },
  categories: {
    advice: 'Advice',
    office: 'Public office',
    education: 'Education',
    health: 'Health',
    leisure: 'Leisure',
    shopping: 'Shopping',
    meeting: 'Meeting place',
    other: 'Other',
  },
  news: {
    closed: [
      "Citizens' service closed on Friday",
      `The citizens' service is closed this coming Friday because of staff training. Appointments will be moved; you will receive a message.`,
    ],
    course: [
      'New German evening courses',
      `Two evening courses at levels A2 and B1 begin next month. There are still places. Register at the adult education centre.`,
    ],
    vaccination: [
      'Vaccination day without appointment',
      `On Saturday you and your children can be vaccinated at the health office without an appointment. Bring your vaccination record if you have one.`,
    ],
    volunteers: [
      'Reading partners wanted',
      `Do you have an hour a week? We are looking for people who read with first and second year pupils {inPlace}.`,
    ],
    bus: [
      'Bus line 4 diverted',
      `Because of roadworks line 4 takes another way until the end of the month. There is a temporary stop near the hospital.`,
    ],
  },
  imprint: [
    'Imprint',
    `## Publisher
{name}
{street}
Telephone: {phone}
E-mail: {mail}
## Responsible for the content
The {office} of the municipality. Everything in this demonstration is invented; it only shows what an imprint can look like.
## Liability
We check our texts carefully but cannot promise that every statement is up to date at all times. The operators of pages we link to are responsible for them.`,
  ],
};
