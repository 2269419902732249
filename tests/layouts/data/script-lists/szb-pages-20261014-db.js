var obj0 = ['第A1版：要闻', '第A2版：乡村科普'];
var obj1 = {'芦山县的流动天文台开进三个山村': 'content/a.html','安岳县：柠檬林里办起修枝夜校': 'content/b.html',};
var obj2 = {'汶川县给老樱桃树建起健康档案': 'content/c.html','南充市社区里的修理课': 'content/d.html',};