using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Tests.Exports.Html;

public class HtmlWriterTests
{
    [Fact]
    public void Text_and_values_are_escaped()
    {
        using var writer = new StringWriter();
        new HtmlWriter(writer).Element("b", "<a href='x'>\"&amp;\"", ("title", "\"'<>&"));

        Assert.Equal(
            "<b title=\"&quot;&#39;&lt;&gt;&amp;\">&lt;a href=&#39;x&#39;&gt;&quot;&amp;amp;&quot;</b>",
            writer.ToString()
        );
    }

    [Fact]
    public void Elements_close_in_the_order_of_their_scopes()
    {
        using var writer = new StringWriter();
        var html = new HtmlWriter(writer);
        using (html.Open("a"))
        {
            using (html.Open("b"))
                html.Text("c");
            html.Void("img", ("alt", null), ("src", "d"));
        }

        Assert.Equal("<a><b>c</b><img src=\"d\"></a>", writer.ToString());
    }
}
