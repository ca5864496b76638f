System.Console.WriteLine("Pictures: " + System.IO.Directory.GetFiles("assets").Length);
