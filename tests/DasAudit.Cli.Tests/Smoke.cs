namespace DasAudit.Cli.Tests;
public class Smoke { [Fact] public void X() => Assert.True(System.IO.File.Exists(System.IO.Path.Combine(AppContext.BaseDirectory, "plugins/Moody/Moody.dll"))); }
